using System.Net.Sockets;
using FnLb.Host.Lifecycle;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace FnLb.Tests.Host.Lifecycle;

/// <summary>What a new process hears of the one before it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PredecessorTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly HandOverChannel _channel;
    private readonly Predecessor _predecessor;

    public PredecessorTests()
    {
        (int here, int there) = NativeCalls.SocketPair();
        _channel = new HandOverChannel(new Socket(new SafeSocketHandle(here, ownsHandle: true)));
        Socket control = new(new SafeSocketHandle(there, ownsHandle: true));
        _predecessor = new Predecessor(control, _time, NullLogger.Instance);
    }

    public void Dispose()
    {
        _channel.Dispose();
        _predecessor.Dispose();
    }

    [Test]
    public async Task One_that_says_nothing_ends_the_start_with_the_reason()
    {
        Task<ServiceState?> turn = _predecessor.WaitForTurnAsync(default);
        bool isReady = await _channel.WaitForDoneAsync(default);

        _time.Advance(TimeSpan.FromSeconds(29));
        bool endedEarly = turn.IsCompleted;
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.That((isReady, endedEarly), Is.EqualTo((true, false)));
        Assert.That(() => turn, Throws.TypeOf<StartException>().With.Message.Contains("said nothing for 30 s"));
    }

    [Test]
    public async Task A_signal_to_stop_ends_the_waiting_for_it()
    {
        using CancellationTokenSource stop = new();
        Task<ServiceState?> greeting = _predecessor.GreetAsync(stop.Token);
        int process = await _channel.ReadNumberAsync(default);

        await stop.CancelAsync();

        Assert.That(process, Is.EqualTo(Environment.ProcessId));
        Assert.That(() => greeting, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task It_tells_whether_the_service_was_asked_to_stop([Values] bool isToStop)
    {
        Task<bool> replacing = _predecessor.ReplaceAsync();
        await _channel.WaitForDoneAsync(default);

        await _channel.SayServiceAsync(isToStop, default);

        Assert.That(await replacing, Is.EqualTo(isToStop));
    }
}

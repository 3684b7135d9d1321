using System.Net.Sockets;
using FnLb.Core.Transport;
using FnLb.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace FnLb.Tests.Transport;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class EventLoopTests : IDisposable
{
    private readonly EventLoop _loop = new(0, stagingBytes: 1024, NullLogger.Instance);
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CountingHandler _handler = new();

    public void Dispose()
    {
        _loop.Dispose();
        _socket.Dispose();
    }

    [Test]
    public async Task A_handler_that_is_to_run_again_runs_once_however_often_it_was_asked_for()
    {
        Assert.That(_loop.TryRegister(_handler, (int)_socket.Handle, Readiness.Readable), Is.True);
        _loop.Start();
        for (int turn = 1; turn <= 2; turn++)
        {
            _loop.Post(() =>
            {
                _loop.RunAgain(_handler);
                _loop.RunAgain(_handler);
            });
            int runs = turn;
            await Eventually.HoldsAsync(() => Volatile.Read(ref _handler.Runs) >= runs, "it has run");
            TaskCompletionSource turned = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _loop.Post(turned.SetResult);
            await turned.Task;
            Assert.That(_handler.Runs, Is.EqualTo(turn));
        }
    }

    [Test]
    public void What_the_kernel_does_not_watch_is_not_registered()
    {
        const int noDescriptor = -1;
        Assert.That(
            (_loop.TryRegister(_handler, noDescriptor, Readiness.Readable), _handler.Slot), Is.EqualTo((false, -1)));
    }

    private sealed class CountingHandler : ReadinessHandler
    {
        public int Runs;

        public override void Mark(Readiness readiness)
        {
        }

        public override void Run() => Interlocked.Increment(ref Runs);

        public override void Abort()
        {
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace FnLb.Tests.Harness;

/// <summary>
/// Clients on connections that persist, each with one call after the other, GET and POST in turn: every call is counted
/// and none is repeated. A node that answers with the request's body proves that answer and call belong together.
/// </summary>
/// <remarks>A GET may be repeated by the load balancer, a POST may not.</remarks>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private const int FailuresKeptMax = 200;

    private readonly ConcurrentQueue<string> _failures = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly int _port;
    private readonly TimeSpan _pause;
    private readonly Task _clients;
    private int _calls;
    private int _failedGets;
    private int _failedPosts;
    private int _mispaired;
    private long _worstTicks;

    private SteadyLoad(int port, int clients, int callsPerSecondMax)
    {
        _port = port;
        _pause = callsPerSecondMax > 0 ? TimeSpan.FromSeconds((double)clients / callsPerSecondMax) : TimeSpan.Zero;
        _clients = Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => RunAsync(client))));
    }

    /// <summary>Calls that have ended, well or not.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>A line for each call that was not answered with 200 and its own body, up to a number.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    public int FailedGets => Volatile.Read(ref _failedGets);

    public int FailedPosts => Volatile.Read(ref _failedPosts);

    /// <summary>Answers that say they are good and belong to another call.</summary>
    public int Mispaired => Volatile.Read(ref _mispaired);

    /// <summary>The longest that any call took.</summary>
    public TimeSpan Worst => TimeSpan.FromTicks(Volatile.Read(ref _worstTicks));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Calls} calls, {FailedGets} GET and {FailedPosts} POST failed, worst {Worst.TotalMilliseconds:0} ms");

    /// <param name="callsPerSecondMax">Of all clients together; 0 for as many as they can.</param>
    public static SteadyLoad Start(int port, int clients, int callsPerSecondMax = 0) =>
        new(port, clients, callsPerSecondMax);

    /// <summary>The script of a node that proves which call it answers.</summary>
    public static async Task EchoAsync(NodeCall call)
    {
        byte[] body = await call.ReadBodyAsync();
        await call.AnswerAsync(call.Method == "GET" ? Encoding.Latin1.GetBytes(call.Target) : body);
    }

    /// <summary>Waits until so many more calls have ended.</summary>
    public Task WaitForMoreAsync(int calls)
    {
        int goal = Calls + calls;
        return Eventually.HoldsAsync(() => Calls >= goal, $"{calls} more calls", TimeSpan.FromSeconds(30));
    }

    /// <summary>Lets the calls under way end.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _clients;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(int client)
    {
        using PeriodicTimer? pace = _pause > TimeSpan.Zero ? new PeriodicTimer(_pause) : null;
        RawClient? connection = null;
        for (int number = 0; !_stop.IsCancellationRequested; number++)
        {
            long started = Stopwatch.GetTimestamp();
            bool isPost = number % 2 == 1;
            try
            {
                // As any client does, a connection that the server has closed is not used again.
                if (connection is null || connection.Socket.Poll(0, SelectMode.SelectRead))
                {
                    connection?.Dispose();
                    connection = await RawClient.ConnectAsync(_port);
                }

                bool closes = await CallAsync(connection, $"/r/app/f{client % 8}?{client}-{number}", isPost);
                if (closes)
                {
                    connection.Dispose();
                    connection = null;
                }
            }
            catch (Exception e)
            {
                NoteFailure(isPost, $"client {client}, call {number}: {e.GetType().Name}: {e.Message}");
                connection?.Dispose();
                connection = null;
            }

            Note(Stopwatch.GetElapsedTime(started));
            if (pace is not null)
            {
                await pace.WaitForNextTickAsync();
            }
        }

        connection?.Dispose();
    }

    /// <returns>Whether the answer ends the connection.</returns>
    private async Task<bool> CallAsync(RawClient connection, string target, bool isPost)
    {
        string body = $"body of {target}";
        WireResponse answer = isPost
            ? await connection.PostAsync(target, body)
            : await connection.GetAsync(target);
        string expected = isPost ? body : target;
        if (answer.Status == 200 && answer.Text != expected)
        {
            Interlocked.Increment(ref _mispaired);
        }

        return answer.Status == 200 && answer.Text == expected
            ? string.Equals(answer.Head.Value("Connection"), "close", StringComparison.OrdinalIgnoreCase)
            : throw new WireFormatException($"{(isPost ? "POST" : "GET")} {target} was answered {answer}");
    }

    private void NoteFailure(bool isPost, string line)
    {
        Interlocked.Increment(ref isPost ? ref _failedPosts : ref _failedGets);
        if (_failures.Count < FailuresKeptMax)
        {
            _failures.Enqueue(line);
        }
    }

    private void Note(TimeSpan took)
    {
        Interlocked.Increment(ref _calls);
        long seen = Volatile.Read(ref _worstTicks);
        while (took.Ticks > seen)
        {
            long before = Interlocked.CompareExchange(ref _worstTicks, took.Ticks, seen);
            seen = before == seen ? took.Ticks : before;
        }
    }
}

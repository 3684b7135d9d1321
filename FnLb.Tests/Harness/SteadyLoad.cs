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
internal sealed class SteadyLoad : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly int _port;
    private readonly Task _clients;
    private int _calls;
    private long _worstTicks;

    private SteadyLoad(int port, int clients)
    {
        _port = port;
        _clients = Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => RunAsync(client))));
    }

    /// <summary>Calls that have ended, well or not.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>One line for each call that was not answered with 200 and its own body.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>The longest that any call took.</summary>
    public TimeSpan Worst => TimeSpan.FromTicks(Volatile.Read(ref _worstTicks));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Calls} calls, {Failures.Count} failed, worst {Worst.TotalMilliseconds:0} ms");

    public static SteadyLoad Start(int port, int clients) => new(port, clients);

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
        RawClient? connection = null;
        for (int number = 0; !_stop.IsCancellationRequested; number++)
        {
            long started = Stopwatch.GetTimestamp();
            try
            {
                // As any client does, a connection that the server has closed is not used again.
                if (connection is null || connection.Socket.Poll(0, SelectMode.SelectRead))
                {
                    connection?.Dispose();
                    connection = await RawClient.ConnectAsync(_port);
                }

                bool closes = await CallAsync(connection, $"/r/app/f{client % 8}?{client}-{number}", number);
                if (closes)
                {
                    connection.Dispose();
                    connection = null;
                }
            }
            catch (Exception e)
            {
                _failures.Enqueue($"client {client}, call {number}: {e.GetType().Name}: {e.Message}");
                connection?.Dispose();
                connection = null;
            }

            Note(Stopwatch.GetElapsedTime(started));
        }

        connection?.Dispose();
    }

    /// <returns>Whether the answer ends the connection.</returns>
    private static async Task<bool> CallAsync(RawClient connection, string target, int number)
    {
        bool isPost = number % 2 == 1;
        string body = $"body of {target}";
        WireResponse answer = isPost
            ? await connection.PostAsync(target, body)
            : await connection.GetAsync(target);
        string expected = isPost ? body : target;
        return answer.Status == 200 && answer.Text == expected
            ? string.Equals(answer.Head.Value("Connection"), "close", StringComparison.OrdinalIgnoreCase)
            : throw new WireFormatException($"{(isPost ? "POST" : "GET")} {target} was answered {answer}");
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

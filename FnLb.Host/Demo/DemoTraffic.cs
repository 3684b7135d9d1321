using System.Diagnostics;
using System.Net;

namespace FnLb.Host.Demo;

/// <summary>
/// An open stream of calls: they start at random times around the rate, whether earlier ones have ended or not.
/// </summary>
internal sealed class DemoTraffic(Uri balancer, DemoOptions options, CallWindow window) : IDisposable
{
    private const int Seed = 7;
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = balancer,
        Timeout = CallTimeout,
    };

    private readonly Random _random = new(Seed);

    /// <summary>Sends calls until stopped, then waits for those in flight.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        HashSet<Task> running = [];
        long started = Stopwatch.GetTimestamp();
        TimeSpan next = TimeSpan.Zero;
        while (!stop.IsCancellationRequested)
        {
            // Exponential gaps: arrivals that know nothing of each other.
            next += TimeSpan.FromSeconds(-Math.Log(1 - _random.NextDouble()) / options.Rate);
            TimeSpan gap = next - Stopwatch.GetElapsedTime(started);
            if (gap > TimeSpan.Zero)
            {
                await Task.Delay(gap, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            running.RemoveWhere(call => call.IsCompleted);
            running.Add(CallAsync(Choose()));
        }

        await Task.WhenAll(running);
    }

    public void Dispose() => _http.Dispose();

    private SampleFunction Choose()
    {
        double left = _random.NextDouble() * DemoFunction.All.Sum(function => function.Weight);
        foreach (DemoFunction function in DemoFunction.All)
        {
            left -= function.Weight;
            if (left < 0)
            {
                return function.Function;
            }
        }

        return DemoFunction.All[^1].Function;
    }

    private async Task CallAsync(SampleFunction function)
    {
        long started = Stopwatch.GetTimestamp();
        bool failed;
        try
        {
            using ByteArrayContent body = new("{}"u8.ToArray());
            using HttpResponseMessage answer = await _http.PostAsync(function.Path, body);
            failed = answer.StatusCode != HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            failed = true;
        }

        window.Add(Stopwatch.GetElapsedTime(started), failed);
    }
}

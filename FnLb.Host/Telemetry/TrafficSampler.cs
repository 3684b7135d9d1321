using FnLb.Core.Proxy;
using FnLb.Core.Telemetry;

namespace FnLb.Host.Telemetry;

/// <summary>
/// Once a second: has the loops publish the second that ended, and keeps what is derived from it up to date.
/// </summary>
internal sealed class TrafficSampler(TrafficServer traffic, TrafficWatch watch, TimeProvider time) : IAsyncDisposable
{
    // After the boundary, so that clocks that differ a little agree which second it is.
    private static readonly TimeSpan Offset = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LoopPatience = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public void Start() => _running = RunAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (true)
        {
            DateTimeOffset now = time.GetUtcNow();
            long next = now.ToUnixTimeSeconds() + 1;
            await Task.Delay(DateTimeOffset.FromUnixTimeSeconds(next) + Offset - now, time, _stop.Token);
            try
            {
                await traffic.OnMetersAsync(static (meter, nowNanoseconds) => meter.RollIfDue(nowNanoseconds))
                    .WaitAsync(LoopPatience, time, _stop.Token);
            }
            catch (TimeoutException)
            {
                // A loop that is that busy publishes its second by itself, with the next call.
            }

            if (watch.EndSecond(next - 1) is { } top)
            {
                _ = traffic.OnMetersAsync((meter, _) => meter.ChooseTop(top));
            }
        }
    }
}

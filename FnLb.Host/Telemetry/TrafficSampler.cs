using FnLb.Core.Telemetry;

namespace FnLb.Host.Telemetry;

/// <summary>
/// Once a second: has the loops publish the second that ended, and keeps what is derived from it up to date.
/// </summary>
/// <param name="onMeters">Does something with the meter of each loop, on its thread.</param>
internal sealed class TrafficSampler(
    Func<Action<LoopMeter, long>, Task> onMeters, TrafficWatch watch, TimeProvider time, ILogger logger)
    : IAsyncDisposable
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
                await EndSecondAsync();
            }
            catch (Exception e) when (!_stop.IsCancellationRequested)
            {
                // Measuring must not end unseen because one second went wrong.
                TelemetryLog.SecondLost(logger, next - 1, e);
            }
        }
    }

    private async Task EndSecondAsync()
    {
        try
        {
            await onMeters(static (meter, nowNanoseconds) => meter.RollIfDue(nowNanoseconds))
                .WaitAsync(LoopPatience, time, _stop.Token);
        }
        catch (TimeoutException)
        {
            // A loop that is that busy publishes its second by itself, with the next call; until then it is not shown.
        }

        if (watch.CatchUp() is { } top)
        {
            _ = onMeters((meter, _) => meter.ChooseTop(top));
        }
    }
}

using System.Globalization;

namespace FnLb.Host.Lifecycle;

/// <summary>Keeps systemd informed while the balancer serves: its state, and that every event loop turns.</summary>
/// <param name="turn">Completes once every event loop has come round; a loop that is stuck keeps it waiting.</param>
/// <param name="requests">Requests since the start.</param>
/// <param name="describe">What the status says beside the rate.</param>
internal sealed class Heartbeat(
    ServiceNotifier notifier, Func<Task> turn, Func<long> requests, Func<string> describe, TimeProvider time)
{
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(5);

    private long _requestsBefore;
    private long _toldAt;

    /// <summary>Half of the time that systemd allows, as sd_watchdog_enabled(3) advises.</summary>
    private TimeSpan Interval => notifier.WatchdogTimeout is { } timeout && timeout / 2 < StatusInterval
        ? timeout / 2
        : StatusInterval;

    /// <summary>Runs until it is cancelled, which is no error.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (!notifier.IsListenedTo)
        {
            return;
        }

        _toldAt = time.GetTimestamp();
        _requestsBefore = requests();
        try
        {
            while (true)
            {
                await turn().WaitAsync(cancellation);
                if (notifier.WatchdogTimeout is not null)
                {
                    notifier.Alive();
                }

                await Task.Delay(Interval, time, cancellation);
                TellStatus();
            }
        }
        catch (OperationCanceledException)
        {
            // The process stops or has handed over: others speak now.
        }
    }

    private void TellStatus()
    {
        TimeSpan elapsed = time.GetElapsedTime(_toldAt);
        if (elapsed < TimeSpan.FromSeconds(1))
        {
            return;
        }

        long now = requests();
        double rate = (now - _requestsBefore) / elapsed.TotalSeconds;
        (_requestsBefore, _toldAt) = (now, time.GetTimestamp());
        notifier.Status(string.Create(CultureInfo.InvariantCulture, $"{describe()}, {rate:0.#} calls/s"));
    }
}

using FnLb.Host.Lifecycle;
using FnLb.Tests.Harness;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace FnLb.Tests.Host.Lifecycle;

public sealed class HeartbeatTests
{
    [Test]
    public async Task The_watchdog_is_not_fed_while_an_event_loop_is_stuck()
    {
        using ServiceWatcher watcher = new();
        using ServiceNotifier notifier = new(
            name => name switch { "NOTIFY_SOCKET" => watcher.Address, "WATCHDOG_USEC" => "4000000", _ => null }, 1);
        FakeTimeProvider time = new();
        TaskCompletionSource stuck = new();
        int turns = 0;
        long requests = 0;
        Heartbeat heartbeat = new(
            notifier, () => ++turns == 2 ? stuck.Task : Task.CompletedTask, () => requests, () => "well", time);
        using CancellationTokenSource end = new();
        Task running = heartbeat.RunAsync(end.Token);
        await watcher.WaitForAsync("WATCHDOG=1");

        requests = 5;
        time.Advance(TimeSpan.FromSeconds(2));
        await watcher.WaitForAsync("STATUS=well, 2.5 calls/s");
        await Eventually.HoldsAsync(() => turns == 2, "it looks at the loops again");
        time.Advance(TimeSpan.FromSeconds(20));
        int fedWhileStuck = watcher.CountOf("WATCHDOG=1");
        stuck.SetResult();
        await Eventually.HoldsAsync(() => watcher.CountOf("WATCHDOG=1") == 2, "it is fed again");
        await end.CancelAsync();
        await running;

        Assert.That(fedWhileStuck, Is.EqualTo(1));
    }
}

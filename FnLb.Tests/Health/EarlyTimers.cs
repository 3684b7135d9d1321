using Microsoft.Extensions.Time.Testing;

namespace FnLb.Tests.Health;

/// <summary>A clock that a test moves, with timers that are 1 ms early, as those of the system may be.</summary>
internal sealed class EarlyTimers : FakeTimeProvider
{
    private static readonly TimeSpan By = TimeSpan.FromMilliseconds(1);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new EarlyTimer(base.CreateTimer(callback, state, Early(dueTime), period));

    private static TimeSpan Early(TimeSpan span) =>
        span == Timeout.InfiniteTimeSpan ? span : span > By ? span - By : TimeSpan.Zero;

    private sealed class EarlyTimer(ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(Early(dueTime), period);

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}

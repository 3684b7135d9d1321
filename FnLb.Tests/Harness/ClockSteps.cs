using Microsoft.Extensions.Time.Testing;

namespace FnLb.Tests.Harness;

/// <summary>Lets a fake clock go on until something holds.</summary>
internal static class ClockSteps
{
    /// <summary>Moves the clock in small steps, so that what each step sets off can happen before the next.</summary>
    /// <param name="most">How far the clock moves in all, in so many <paramref name="steps"/>.</param>
    /// <param name="deadline">As for <see cref="Eventually"/>: real time.</param>
    public static Task AdvanceUntilAsync(
        this FakeTimeProvider time,
        Func<bool> condition,
        string what,
        TimeSpan most,
        int steps,
        TimeSpan? deadline = null)
    {
        int step = 0;
        return Eventually.HoldsAsync(
            () =>
            {
                if (!condition() && step++ < steps)
                {
                    time.Advance(most / steps);
                }

                return condition();
            },
            what,
            deadline);
    }
}

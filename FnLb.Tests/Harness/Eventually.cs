using System.Diagnostics;

namespace FnLb.Tests.Harness;

/// <summary>Waits for a condition with a deadline; the only place where a test lets time pass.</summary>
internal static class Eventually
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Returns as soon as the condition holds; fails the test with <paramref name="what"/> at the deadline.
    /// </summary>
    public static Task HoldsAsync(Func<bool> condition, string what, TimeSpan? deadline = null) =>
        HoldsAsync(() => Task.FromResult(condition()), what, deadline);

    /// <inheritdoc cref="HoldsAsync(Func{bool}, string, TimeSpan?)"/>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what, TimeSpan? deadline = null)
    {
        TimeSpan limit = deadline ?? TimeSpan.FromSeconds(10);
        long started = Stopwatch.GetTimestamp();
        using PeriodicTimer poll = new(PollInterval);
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                throw new TimeoutException($"after {limit.TotalSeconds:0.#} s still not true: {what}");
            }

            await poll.WaitForNextTickAsync();
        }
    }

    /// <summary>Watches for a while that the condition never breaks.</summary>
    public static async Task StaysTrueAsync(Func<bool> condition, TimeSpan duration, string what)
    {
        long started = Stopwatch.GetTimestamp();
        using PeriodicTimer poll = new(PollInterval);
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            if (!condition())
            {
                throw new InvalidOperationException(
                    $"after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s no longer true: {what}");
            }

            await poll.WaitForNextTickAsync();
        }
    }
}

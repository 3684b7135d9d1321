namespace FnLb.Core.Telemetry;

/// <summary>The last minute of one loop, a second at a time: one writer, any number of readers, no lock.</summary>
public sealed class StatsWindow
{
    /// <summary>How far back it reaches.</summary>
    public const int SecondsMax = 60;

    // A power of two above what is read, so that no reader meets what is being replaced.
    private const int Places = 64;

    private readonly StatsSecond?[] _seconds = new StatsSecond?[Places];

    /// <summary>On the writer's thread; a second is published once.</summary>
    public void Publish(StatsSecond second) =>
        Volatile.Write(ref _seconds[second.UnixSecond & (Places - 1)], second);

    /// <summary>A second that is over; null when it had no calls, or is not kept any more. Any thread.</summary>
    public StatsSecond? Find(long unixSecond)
    {
        StatsSecond? found = Volatile.Read(ref _seconds[unixSecond & (Places - 1)]);
        return found?.UnixSecond == unixSecond ? found : null;
    }
}

namespace FnLb.Core.Health;

/// <summary>That a node is taken out until a time, and how often it was of late.</summary>
/// <param name="Until">End, as a timestamp of the clock in use.</param>
/// <param name="Duration">From its beginning to its end.</param>
/// <param name="Step">Ejections before this one that time in service has not made up for.</param>
/// <param name="Reason">What the calls found wrong; a sentence without the node's name and without a full stop.</param>
internal sealed record Ejection(long Until, TimeSpan Duration, int Step, string Reason)
{
    private const int StepMax = 30;

    public static Ejection After(Ejection? last, string reason, OutlierOptions options, TimeProvider time)
    {
        long now = time.GetTimestamp();
        int step = 0;
        if (last is not null)
        {
            double healthy = time.GetElapsedTime(last.Until, now) / options.HealthyPeriod;
            step = int.Clamp(last.Step + 1 - (int)double.Min(healthy, StepMax + 1), 0, StepMax);
        }

        double seconds = double.Min(
            options.EjectionMin.TotalSeconds * Math.Pow(2, step), options.EjectionMax.TotalSeconds);
        long until = now + (long)(seconds * time.TimestampFrequency);
        return new Ejection(until, TimeSpan.FromSeconds(seconds), step, reason);
    }

    /// <summary>From when on the next ejection is as if there had been none, as a timestamp of the clock.</summary>
    public long MadeUpForAt(OutlierOptions options, TimeProvider time) =>
        Until + (long)Math.Ceiling((options.HealthyPeriod * (Step + 1)).TotalSeconds * time.TimestampFrequency);
}

namespace FnLb.Benchmarks.Drive;

/// <summary>The percentiles that reports hold.</summary>
internal static class Percentiles
{
    /// <summary>Enough for a curve, and denser where it bends.</summary>
    public static IReadOnlyList<double> Curve { get; } =
    [
        0, 10, 20, 30, 40, 50, 60, 70, 75, 80, 85, 90, 92.5, 95, 97, 98, 99, 99.5, 99.7, 99.9, 99.95, 99.97, 99.99,
        99.995, 99.999, 100,
    ];

    /// <summary>Those that tables show.</summary>
    public static IReadOnlyList<double> Shown { get; } = [50, 75, 90, 99, 99.9, 99.99];

    public static int IndexOf(double percentile) => Curve.TakeWhile(other => other < percentile).Count();
}

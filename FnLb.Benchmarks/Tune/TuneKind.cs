using System.Globalization;
using FnLb.Benchmarks.Throughput;

namespace FnLb.Benchmarks.Tune;

/// <summary>One kind of setting: what is tried, under which load, and what decides.</summary>
/// <param name="Title">As tables show it.</param>
/// <param name="Settings">Flags that are tried; an empty one is the default.</param>
/// <param name="Row">The load.</param>
internal sealed record TuneKind(string Title, IReadOnlyList<string> Settings, WorkRow Row)
{
    /// <summary>What stands for a setting without a flag.</summary>
    public const string Default = "default";

    /// <summary>Whether more answers decide, which is what loops are for, instead of less CPU for each.</summary>
    public bool IsThroughput { get; init; }

    /// <summary>All that matter under load: time limits and thresholds do not.</summary>
    public static IReadOnlyList<TuneKind> All { get; } =
    [
        new("event loops", [.. Loops().Select(loops => Flag("threads", loops))],
            new WorkRow("tune-loops", "small GET, 256 clients") { Clients = 256 })
        { IsThroughput = true },
        new("bytes held of a request", ["", Flag("held-bytes", 16 * 1024), Flag("held-bytes", 256 * 1024)],
            new WorkRow("tune-held", "POST 32 KiB up")
            {
                Method = "POST",
                PathPrefix = "/up/f",
                BodyBytes = 32 * 1024,
            }),
        new("functions with histograms", ["", Flag("metrics-functions", 0), Flag("metrics-functions", 1000)],
            new WorkRow("tune-metrics", "small GET, 1,000 functions") { Paths = 1000 }),
        new("access log", ["", "--access-log=/dev/null"], new WorkRow("tune-log", "small GET, 64 clients")),
    ];

    /// <summary>The figure that decides, of one measurement.</summary>
    public double Cost(Measurement measurement) =>
        IsThroughput ? 1e6 / measurement.RequestsPerSecond : measurement.CpuMicroseconds;

    /// <summary>1, 2, 4 and so on, and the number of processors.</summary>
    private static IEnumerable<int> Loops()
    {
        for (int loops = 1; loops < Environment.ProcessorCount; loops *= 2)
        {
            yield return loops;
        }

        yield return Environment.ProcessorCount;
    }

    private static string Flag(string name, int value) =>
        string.Create(CultureInfo.InvariantCulture, $"--{name}={value}");
}

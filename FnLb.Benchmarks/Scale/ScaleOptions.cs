using FnLb.Benchmarks.Reports;

namespace FnLb.Benchmarks.Scale;

/// <summary>What <c>fnlb-bench scale</c> was asked for.</summary>
internal sealed record ScaleOptions
{
    public const string Usage = """
        usage: fnlb-bench scale [--parts NAME,...] [--seconds N] [--html FILE] [--fnlb FILE]

        What grows with the cluster, and how: measured on this machine for sizes ten times apart.

          --parts    decisions, nodes, functions, connections, loops (default: all)
          --seconds  load, or watching, for each size, 1 to 600 (default 6)
          --html     write the tables as a page to this file
          --fnlb     the executable (default: FNLB_EXECUTABLE, else artifacts/fnlb or fnlb in this folder or above)
        """;

    public static readonly string[] AllParts = ["decisions", "nodes", "functions", "connections", "loops"];

    public IReadOnlyList<string> Parts { get; init; } = AllParts;

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(6);

    public string? HtmlPath { get; init; }

    public string? FnlbPath { get; init; }

    public ScaleOptions? With(string name, string value) => name switch
    {
        "parts" when value.Split(',').All(AllParts.Contains) => this with { Parts = value.Split(',') },
        "seconds" when ArgumentReader.IsWithin(value, 1, 600, out int seconds) =>
            this with { Duration = TimeSpan.FromSeconds(seconds) },
        "html" when value.Length > 0 => this with { HtmlPath = value },
        "fnlb" when value.Length > 0 => this with { FnlbPath = value },
        _ => null,
    };
}

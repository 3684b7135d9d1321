using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FnLb.Benchmarks.Throughput;

/// <summary>What <c>fnlb-bench throughput</c> was asked for.</summary>
internal sealed record ThroughputOptions
{
    public const string Usage = """
        usage: fnlb-bench throughput [--rows all|NAME,...] [--rounds N] [--seconds N] [--json FILE] [--fnlb FILE]

        Starts fnlb, HAProxy and nginx in front of the same three nodes on loopback and gives them the same work in
        turn, round after round. The proxies run on the first processor, nodes and load on the others. Figures are
        medians over the rounds; ratios are taken round by round and the median of those is shown.

          --rows     rows to measure (default get-64, the small GET with 64 clients); all for every row
          --rounds   rounds, 1 to 100 (default 5)
          --seconds  load in each round, for each row and proxy, 1 to 600 (default 3)
          --json     write every single measurement and the medians to this file
          --fnlb     the executable (default: FNLB_EXECUTABLE, else artifacts/fnlb in this folder or above)

        Rows:
        """;

    public IReadOnlyList<WorkRow> Rows { get; init; } = [WorkRows.All[0]];

    public int Rounds { get; init; } = 5;

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(3);

    public string? JsonPath { get; init; }

    public string? FnlbPath { get; init; }

    public bool ShowsHelp { get; init; }

    /// <param name="error">What is wrong with the first wrong argument.</param>
    public static bool TryParse(
        string[] args, [NotNullWhen(true)] out ThroughputOptions? options, [NotNullWhen(false)] out string? error)
    {
        options = null;
        ThroughputOptions parsed = new();
        for (int i = 0; i < args.Length; i++)
        {
            string[] parts = args[i].Split('=', 2);
            string name = parts[0].TrimStart('-');
            if (name is "h" or "help")
            {
                parsed = parsed with { ShowsHelp = true };
                continue;
            }

            string value = parts.Length == 2 ? parts[1] : i + 1 < args.Length ? args[++i] : "";
            ThroughputOptions? next = parsed.With(name, value);
            if (next is null)
            {
                error = $"--{name} \"{value}\": no such argument or no such value; --help tells which there are";
                return false;
            }

            parsed = next;
        }

        options = parsed;
        error = null;
        return true;
    }

    private ThroughputOptions? With(string name, string value) => name switch
    {
        "rows" when value == "all" => this with { Rows = WorkRows.All },
        "rows" when WorkRows.Find(value.Split(',')) is IReadOnlyList<WorkRow> rows => this with { Rows = rows },
        "rounds" when IsWithin(value, 100, out int rounds) => this with { Rounds = rounds },
        "seconds" when IsWithin(value, 600, out int seconds) => this with { Duration = TimeSpan.FromSeconds(seconds) },
        "json" when value.Length > 0 => this with { JsonPath = value },
        "fnlb" when value.Length > 0 => this with { FnlbPath = value },
        _ => null,
    };

    private static bool IsWithin(string text, int max, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= 1 && number <= max;
}

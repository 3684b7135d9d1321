using System.Diagnostics.CodeAnalysis;
using FnLb.Benchmarks.Reports;

namespace FnLb.Benchmarks.Throughput;

/// <summary>What <c>fnlb-bench compare</c> was asked for.</summary>
internal sealed record ThroughputOptions
{
    public const string Usage = """
        usage: fnlb-bench compare [--rows all|NAME,...] [--peers NAME,...] [--rounds N] [--seconds N]
                                  [--generator wrk|drive] [--json FILE] [--html FILE] [--fnlb FILE] [--before FILE]

        Starts fnlb and those of HAProxy, nginx and Envoy that are installed, with equivalent settings, in front of the
        same three nodes on loopback (nginx), and gives them the same work in turn, round after round. The proxies run
        on the first processor, nodes and load on the others. Figures are medians over the rounds; ratios are taken
        round by round and the median of those is shown.

          --rows       rows to measure (default get-64, the small GET with 64 clients); all for every row
          --peers      fnlb, haproxy, nginx, envoy (default: all that are installed)
          --rounds     rounds, 1 to 100 (default 5)
          --seconds    load in each round, for each row and proxy, 1 to 600 (default 3)
          --generator  of closed loops (default wrk where it is installed, as no part of this project; else drive)
          --json       write every single measurement to this file
          --html       write a page with charts to this file
          --fnlb       the executable (default: FNLB_EXECUTABLE, else artifacts/fnlb or fnlb in this folder or above)
          --before     an executable of another build, to measure beside it

        Exit code: 0; 1 when calls failed or a program is missing; 2 for wrong arguments.

        Rows:
        """;

    private static readonly string[] PeerNames = ["fnlb", "haproxy", "nginx", "envoy"];

    // What is wrong with a list of names, in words.
    private string? _unknown;

    public IReadOnlyList<WorkRow> Rows { get; init; } = [WorkRows.All[0]];

    /// <summary>Null for all.</summary>
    public IReadOnlyList<string>? Peers { get; init; }

    public int Rounds { get; init; } = 5;

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(3);

    public string Generator { get; init; } = Shell.Find("wrk") is null ? "drive" : "wrk";

    public string? JsonPath { get; init; }

    public string? HtmlPath { get; init; }

    public string? FnlbPath { get; init; }

    /// <summary>Another build, a peer like the others; null for none.</summary>
    public string? BeforePath { get; init; }

    /// <summary>Of the load, where <c>fnlb-bench drive</c> makes it.</summary>
    public int LoadThreads { get; init; } = 1;

    public bool ShowsHelp { get; init; }

    /// <param name="error">What is wrong with the first wrong argument.</param>
    public static bool TryParse(
        string[] args, [NotNullWhen(true)] out ThroughputOptions? options, [NotNullWhen(false)] out string? error)
    {
        ThroughputOptions parsed = new();
        bool isRead = ArgumentReader.TryRead(
            args, ref parsed, (so, name, value) => so.With(name, value), ["h", "help"], out List<string> rest,
            out error);
        error ??= rest.Count > 0 ? $"\"{rest[0]}\" is no argument; --help tells which there are" : null;
        error ??= parsed.ShowsHelp
            ? null
            : parsed._unknown ?? FnlbPeer.WrongFile(parsed.FnlbPath)
                ?? OutputFile.WhyNot(parsed.JsonPath, parsed.HtmlPath);
        options = isRead && error is null ? parsed : null;
        return options is not null;
    }

    private static string Unknown(string argument, string value, string[] known)
    {
        string wrong = value.Split(',').FirstOrDefault(name => !known.Contains(name), value);
        return $"--{argument}: there is no \"{wrong}\"; there are {string.Join(", ", known)}";
    }

    private ThroughputOptions? With(string name, string value) => name switch
    {
        "h" or "help" => this with { ShowsHelp = true },
        "rows" when value == "all" => this with { Rows = WorkRows.All },
        "rows" when WorkRows.Find(value.Split(',')) is IReadOnlyList<WorkRow> rows => this with { Rows = rows },
        "rows" => this with { _unknown = Unknown(name, value, ["all", .. WorkRows.All.Select(row => row.Name)]) },
        "peers" when value.Split(',').All(PeerNames.Contains) => this with { Peers = value.Split(',') },
        "peers" => this with { _unknown = Unknown(name, value, PeerNames) },
        "rounds" when ArgumentReader.IsWithin(value, 1, 100, out int rounds) => this with { Rounds = rounds },
        "seconds" when ArgumentReader.IsWithin(value, 1, 600, out int seconds) =>
            this with { Duration = TimeSpan.FromSeconds(seconds) },
        "generator" when value is "wrk" or "drive" => this with { Generator = value },
        "json" when value.Length > 0 => this with { JsonPath = value },
        "html" when value.Length > 0 => this with { HtmlPath = value },
        "fnlb" when value.Length > 0 => this with { FnlbPath = value },
        "before" when File.Exists(value) => this with { BeforePath = value },
        _ => null,
    };
}

using FnLb.Benchmarks.Reports;

namespace FnLb.Benchmarks.Tune;

/// <summary>What <c>fnlb-bench tune</c> was asked for.</summary>
internal sealed record TuneOptions
{
    public const string Usage = """
        usage: fnlb-bench tune [--rounds N] [--seconds N] [--json FILE] [--html FILE] [--fnlb FILE]

        Tries settings of fnlb on this machine, each beside what it would be without: event loops, bytes of a request
        that are held, functions with histograms, the access log. All of one kind run in turn, round after round, under
        the same load by fnlb-bench itself, in front of three nodes (nginx) on loopback. Prints the settings to use.
        Nodes and load have the last half of the processors; where they were the limit, no number of event loops is
        advised.
        Exit code: 0; 1 when calls failed or a program is missing; 2 for wrong arguments.

          --rounds   rounds, 1 to 100 (default 5)
          --seconds  load in each round, for each setting, 1 to 600 (default 3)
          --json     write every single measurement to this file
          --html     write a page with charts to this file
          --fnlb     the executable (default: FNLB_EXECUTABLE, else artifacts/fnlb or fnlb in this folder or above)
        """;

    public int Rounds { get; init; } = 5;

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(3);

    public string? JsonPath { get; init; }

    public string? HtmlPath { get; init; }

    public string? FnlbPath { get; init; }

    public TuneOptions? With(string name, string value) => name switch
    {
        "rounds" when ArgumentReader.IsWithin(value, 1, 100, out int rounds) => this with { Rounds = rounds },
        "seconds" when ArgumentReader.IsWithin(value, 1, 600, out int seconds) =>
            this with { Duration = TimeSpan.FromSeconds(seconds) },
        "json" when value.Length > 0 => this with { JsonPath = value },
        "html" when value.Length > 0 => this with { HtmlPath = value },
        "fnlb" when value.Length > 0 => this with { FnlbPath = value },
        _ => null,
    };
}

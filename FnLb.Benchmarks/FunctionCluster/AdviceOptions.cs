using FnLb.Benchmarks.Reports;

namespace FnLb.Benchmarks.FunctionCluster;

/// <summary>What <c>fnlb-bench advice</c> was asked for.</summary>
internal sealed record AdviceOptions
{
    public const string Usage = """
        usage: fnlb-bench advice [--scenario TEXT] [--seed N] [--every N] [--simulated BOOL] [--port N] [--fnlb FILE]

          --scenario TEXT   scenarios whose name contains the text (all)
          --seed N          of the calls (1)
          --every N         a line for every so many seconds (10)
          --simulated BOOL  the router and the advice on a simulated clock, not over HTTP (false)
          --port N          the first the load balancer listens on (18460)
          --fnlb FILE       the executable (default: FNLB_EXECUTABLE, else artifacts/fnlb in this folder or above)
        """;

    public string Scenario { get; init; } = "";

    public int Seed { get; init; } = 1;

    public int EverySeconds { get; init; } = 10;

    public bool IsSimulated { get; init; }

    public int FirstPort { get; init; } = 18460;

    public string? FnlbPath { get; init; }

    public AdviceOptions? With(string name, string value) => name switch
    {
        "scenario" => this with { Scenario = value },
        "seed" when ArgumentReader.IsWithin(value, 0, int.MaxValue, out int seed) => this with { Seed = seed },
        "every" when ArgumentReader.IsWithin(value, 1, 3600, out int seconds) => this with { EverySeconds = seconds },
        "simulated" when bool.TryParse(value, out bool isSimulated) => this with { IsSimulated = isSimulated },
        "port" when ArgumentReader.IsWithin(value, 1, 65000, out int port) => this with { FirstPort = port },
        "fnlb" when value.Length > 0 => this with { FnlbPath = value },
        _ => null,
    };
}

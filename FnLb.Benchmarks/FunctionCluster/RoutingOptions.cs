using FnLb.Benchmarks.Reports;

namespace FnLb.Benchmarks.FunctionCluster;

/// <summary>What <c>fnlb-bench routing</c> was asked for.</summary>
internal sealed record RoutingOptions
{
    public const string Usage = """
        usage: fnlb-bench routing [--scenario TEXT] [--seconds N] [--warm-up N] [--seeds N] [--posts N]
                                  [--peers TEXT] [--runs FILE] [--runs-max N] [--port N] [--fnlb FILE]
               fnlb-bench routing --url URL[,URL] [--scenario TEXT] [--seconds N] [--warm-up N] [--seeds N]
                                  [--posts N]

          --scenario TEXT   scenarios of "fnlb-bench simulate" whose name starts with the text, or with one of several
                            with "+" between ("8 nodes 40 %"); "flash+node +rolling" are those where things happen
          --seconds N       of calls for each peer, warm-up included; disturbances move with it (60)
          --warm-up N       of these not measured (25)
          --seeds N         runs of each, of which the table shows the medians (1)
          --posts N         percentage of the calls that are POSTs (0): those on a node that is killed fail
          --url URL[,URL]   only sends the calls, to load balancers that run already, each its part: the paths are
                            /r/appSEED/fNUMBER, and what happens to nodes is left out. The times are those that calls
                            waited where the nodes are those of "fnlb demo", which say how long a call ran; else all
                            that it took
          --peers TEXT      only peers whose name contains the text
          --runs FILE       keeps what each run came to; those that are there are not repeated
          --runs-max N      ends after so many new runs, without a table unless all are there
          --port N          the first the load balancers listen on (18400)
          --fnlb FILE       the executable (default: FNLB_EXECUTABLE, else artifacts/fnlb in this folder or above)

        Ends with 3 while runs are missing.
        """;

    public IReadOnlyList<string> Scenarios { get; init; } = ["8 nodes 40 %"];

    public int Seconds { get; init; } = 60;

    public int WarmUpSeconds { get; init; } = 25;

    public int Seeds { get; init; } = 1;

    public double PostShare { get; init; }

    /// <summary>Load balancers that run already; empty to start some.</summary>
    public IReadOnlyList<Uri> Urls { get; init; } = [];

    public string Peers { get; init; } = "";

    public string? RunsPath { get; init; }

    public int RunsMax { get; init; } = int.MaxValue;

    public int FirstPort { get; init; } = 18400;

    public string? FnlbPath { get; init; }

    public RoutingOptions? With(string name, string value) => name switch
    {
        "scenario" => this with { Scenarios = value.Split('+') },
        "seconds" when ArgumentReader.IsWithin(value, 1, 3600, out int seconds) => this with { Seconds = seconds },
        "warm-up" when ArgumentReader.IsWithin(value, 0, 3600, out int seconds) =>
            this with { WarmUpSeconds = seconds },
        "seeds" when ArgumentReader.IsWithin(value, 1, 100, out int seeds) => this with { Seeds = seeds },
        "posts" when ArgumentReader.IsWithin(value, 0, 100, out int percent) =>
            this with { PostShare = percent / 100.0 },
        "url" => UrlsOf(value) is { } urls ? this with { Urls = urls } : null,
        "peers" => this with { Peers = value },
        "runs" when value.Length > 0 => this with { RunsPath = value },
        "runs-max" when ArgumentReader.IsWithin(value, 0, int.MaxValue, out int runs) => this with { RunsMax = runs },
        "port" when ArgumentReader.IsWithin(value, 1, 65000, out int port) => this with { FirstPort = port },
        "fnlb" when value.Length > 0 => this with { FnlbPath = value },
        _ => null,
    };

    private static List<Uri>? UrlsOf(string value)
    {
        List<Uri> urls = [];
        foreach (string text in value.Split(','))
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.Scheme != Uri.UriSchemeHttp)
            {
                return null;
            }

            urls.Add(url);
        }

        return urls;
    }
}

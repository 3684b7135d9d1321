using FnLb.Core.Health;
using FnLb.Core.Nodes;
using FnLb.Core.Proxy;
using FnLb.Core.Routing;
using FnLb.Core.Telemetry;
using FnLb.Host.Admin;
using FnLb.Host.Lifecycle;

namespace FnLb.Host.CommandLine;

/// <summary>What the operator asked for, all valid; <see cref="OptionTable"/> says which flag sets what.</summary>
internal sealed record FnlbOptions
{
    /// <summary>Where what neither the command line nor the environment sets is read from; empty for nowhere.</summary>
    public string ConfigFile { get; init; } = "";

    /// <summary>Added to the store at start; those that are in it already stay.</summary>
    public IReadOnlyList<NodeAddress> Nodes { get; init; } = [];

    /// <summary>What other balancers know this one by; empty for its machine and port.</summary>
    public string Name { get; init; } = "";

    public ListenAddress Listen { get; init; } = new("", 8081);

    public ListenAddress AdminListen { get; init; } = new("127.0.0.1", 8082);

    /// <summary>Who may call the admin API; empty lets everybody in who can connect.</summary>
    public string AdminTokenFile { get; init; } = "";

    /// <summary>For the admin listener.</summary>
    public TlsFiles AdminTls { get; init; } = TlsFiles.None;

    public StoreLocation Store { get; init; } = new SqliteLocation(Path: null);

    /// <summary>How long a store that cannot be reached is waited for at start.</summary>
    public TimeSpan StoreWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long running calls may take to end after the signal to stop; zero: as long as they need.</summary>
    public TimeSpan ShutdownTimeout { get; init; }

    /// <summary>From saying that it is not ready to the end of accepting; zero: at once.</summary>
    public TimeSpan DrainDelay { get; init; }

    /// <summary>What was learned is left there for the next process; empty for nowhere.</summary>
    public string StateFile { get; init; } = "";

    public HealthOptions Health { get; init; } = new();

    /// <summary>Over which a node that comes (back) gets its share of the functions; zero: at once.</summary>
    public TimeSpan SlowStart { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Share of the learned capacity that should be used, by which a number of nodes is recommended.</summary>
    public double ScaleTarget { get; init; } = 0.7;

    public RouterOptions Routing { get; init; } = new();

    public ProxyOptions Proxy { get; init; } = new();

    /// <summary>A file that a line for each request is added to, "-" for standard output; empty for none.</summary>
    public string AccessLog { get; init; } = "";

    public AccessLogFormat AccessLogFormat { get; init; }

    public LogFormat LogFormat { get; init; }

    /// <summary>A Zipkin collector of the spans; empty for none.</summary>
    public string ZipkinUrl { get; init; } = "";

    /// <summary>An OpenTelemetry collector of the spans; empty for none.</summary>
    public string OtlpUrl { get; init; } = "";

    /// <summary>Share of the calls that are traced, of those that come without a decision; 0 to 1.</summary>
    public double TraceShare { get; init; } = 1;

    public KubernetesOptions Kubernetes { get; init; } = new();

    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Print the usage and do nothing else.</summary>
    public bool ShowsHelp { get; init; }
}

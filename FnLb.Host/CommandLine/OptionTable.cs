using System.Globalization;
using System.Text;
using FnLb.Core.Health;
using FnLb.Core.Nodes;
using FnLb.Core.Routing;
using FnLb.Core.Telemetry;
using FnLb.Core.Transport;
using FnLb.Host.Lifecycle;
using static System.FormattableString;
using static FnLb.Host.CommandLine.OptionKinds;

namespace FnLb.Host.CommandLine;

/// <summary>Every flag, once: the parser, the usage and the table of the README are made from this.</summary>
internal static class OptionTable
{
    // A limit that is a day long is none, but is still a limit.
    private const string LongestWait = "24h";

    private const StringSplitOptions Tolerant = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;

    private const string ListenRule = ":port, host:port or [v6]:port; a port is 0 to 65535, 0 takes any free one";

    public static IReadOnlyList<Option> All { get; } =
    [
        .. General(), .. Admin(), .. Health(), .. Outliers(), .. Retrying(), .. Waiting(), .. Sizes(), .. Elsewhere(),
        HelpSwitch(),
    ];

    private static IEnumerable<Option> General() =>
    [
        Text("config", "PATH", "",
            "JSON with flags by their names, for what neither the command line nor the environment sets",
            "a file, or empty", (o, v) => o with { ConfigFile = v }),
        Named("nodes", "LIST", "", "nodes that are added to the store at start", "a comma list of host:port", SetNodes),
        Text("listen", "ADDRESS", ":8081", "where calls come in", ListenRule,
            (o, v) => ListenAddress.TryParse(v, out ListenAddress address) ? o with { Listen = address } : null),
        Text("mgmt-listen", "ADDRESS", "127.0.0.1:8082",
            "where the node API is; given the address of -listen, it is there, under /1/lb/",
            $"unix:/path, {ListenRule}",
            (o, v) => ListenAddress.TryParseAny(v, out ListenAddress at) ? o with { AdminListen = at } : null),
        Named("db", "URL", "sqlite3://:memory:", "where the node list is kept; balancers may share one",
            StoreLocation.Rule, SetStore) with { Show = StoreLocation.WithoutSecrets },
        Duration("store-wait", "30s", "0", LongestWait,
            "how long a database that cannot be reached is waited for at start; then exit 1, or start with -nodes",
            (o, v) => o with { StoreWait = v }),
        Text("name", "NAME", "", "what the balancers that share a database know this one by; empty: its host and port",
            "text of at most 200 characters", (o, v) => v.Length <= 200 && !v.Any(char.IsControl)
                ? o with { Name = v }
                : null),
        Duration("shutdown-timeout", "0", "0", LongestWait,
            "how long running calls may take to end when told to stop, then they are cut; 0 waits for all",
            (o, v) => o with { ShutdownTimeout = v }),
        Duration("drain-delay", "0", "0", LongestWait,
            "how long calls are still accepted, while /readyz is 503 already, when told to stop",
            (o, v) => o with { DrainDelay = v }),
        Text("state-file", "PATH", "",
            "where what was learned of the functions is left for the next process; it reads that within a minute",
            "a file, or empty", (o, v) => o with { StateFile = v }),
        Number("threads", Invariant($"{Environment.ProcessorCount}"), 1, 1024,
            "event loops, each on a thread of its own",
            (o, v) => o with { Proxy = o.Proxy with { Loops = (int)v } })
            with { DefaultShown = "the CPUs that this process may use" },
        Text("log-level", "LEVEL", "info", "least severe messages that are logged", LogLevelNames.Rule,
            (o, v) => LogLevelNames.TryParse(v, out LogLevel level) ? o with { LogLevel = level } : null)
            with { Variable = "LOG_LEVEL" },
        Text("log-format", "FORMAT", "text", "how messages are written on stderr", "text, json or systemd",
            (o, v) => Choice(v, out LogFormat format) ? o with { LogFormat = format } : null),
        Text("access-log", "PATH", "off", "file that a line for each request is added to; SIGHUP has it opened anew",
            "a path, - for standard output, or off",
            (o, v) => v.Length == 0 ? null : o with { AccessLog = v == "off" ? "" : v }),
        Text("access-log-format", "FORMAT", "json", "how its lines are written",
            "json, or text for the combined format of web servers with further fields",
            (o, v) => Choice(v, out AccessLogFormat format) ? o with { AccessLogFormat = format } : null),
        Named("route-key", "RULE", "path",
            "what of a request names its function: calls with one key go where that function is warm",
            "path, segments:N of it, header:NAME, or fn for /r/APP/ROUTE, /t/APP/TRIGGER and /invoke/ID", SetRouteKey),
        Number("metrics-functions", "50", 0, 1000,
            "functions with latency histograms of their own in /metrics, those called most; the rest is \"other\"",
            (o, v) => o with { Proxy = o.Proxy with { FunctionsMeasuredMax = (int)v } }),
        Number("scale-target", "70", 1, 100,
            "percentage of the learned capacity that should be used, by which a number of nodes is recommended",
            (o, v) => o with { ScaleTarget = v / 100.0 }),
        Switch("proxy-protocol", "calls come with a PROXY header, version 1 or 2; without it a connection is closed",
            (o, v) => o with { Proxy = o.Proxy with { RequiresProxyHeader = v } }),
    ];

    private static IEnumerable<Option> Admin() =>
    [
        Text("admin-token-file", "PATH", "",
            "who may call the node API: lines \"write TOKEN\" or \"read TOKEN\"; read again on a change",
            "a file, or empty", (o, v) => o with { AdminTokenFile = v }),
        Text("admin-tls-cert", "PATH", "", "certificate of the node API, then its chain; read again on a change",
            "a PEM file, or empty for no TLS", (o, v) => o with { AdminTls = o.AdminTls with { Certificate = v } }),
        Text("admin-tls-key", "PATH", "", "its private key, unless that is in the same file",
            "a PEM file, or empty", (o, v) => o with { AdminTls = o.AdminTls with { Key = v } }),
        Text("admin-tls-client-ca", "PATH", "", "callers of the node API must show a certificate of one of these roots",
            "a PEM file, or empty", (o, v) => o with { AdminTls = o.AdminTls with { ClientAuthority = v } }),
    ];

    private static IEnumerable<Option> Health() =>
    [
        Duration("hc-interval", "3s", "100ms", LongestWait,
            "time between two checks of a node, and between two looks into the store",
            (o, v) => o with { Health = o.Health with { Interval = v } }),
        Text("hc-path", "PATH", "/version", "what a check asks a node for", "a path from its slash on, without spaces",
            (o, v) => IsPath(v) ? o with { Health = o.Health with { Path = v } } : null),
        Number("hc-unhealthy", "2", 1, 1000, "checks in a row that must fail to take a node out",
            (o, v) => o with { Health = o.Health with { FailuresToOffline = (int)v } }),
        Number("hc-healthy", "1", 1, 1000, "checks in a row that must pass to bring a node back",
            (o, v) => o with { Health = o.Health with { SuccessesToOnline = (int)v } }),
        Duration("hc-timeout", "5s", "10ms", LongestWait, "limit of one check",
            (o, v) => o with { Health = o.Health with { Timeout = v } }),
        Text("min-api-version", "VERSION", "0.0.235",
            "a node that reports a lower version fails its checks; empty: any 2xx answer passes",
            "a semantic version such as 0.3.268, or empty", WithVersionMin),
    ];

    private static IEnumerable<Option> Outliers() =>
    [
        Number("outlier-failures", "5", 0, 10_000,
            "calls in a row that fail to connect or lose their connection before an answer, to eject a node; 0: never",
            (o, v) => WithOutliers(o, o.Health.Outliers with { FailuresToEject = (int)v })),
        Number("outlier-5xx", "0", 0, 10_000,
            "answers of 5xx in a row to eject a node; 0: never, as most 5xx are the function's own",
            (o, v) => WithOutliers(o, o.Health.Outliers with { ServerErrorsToEject = (int)v })),
        Duration("outlier-time", "5s", "100ms", LongestWait,
            "how long a node is ejected at first; each further time twice as long",
            (o, v) => WithOutliers(o, o.Health.Outliers with { EjectionMin = v })),
        Duration("outlier-time-max", "5m", "100ms", LongestWait, "longest ejection",
            (o, v) => WithOutliers(o, o.Health.Outliers with { EjectionMax = v })),
        Number("outlier-share", "50", 0, 100,
            "percentage of the nodes that calls may take out; when more are out, only checks that fail keep a node out",
            (o, v) => WithOutliers(o, o.Health.Outliers with { OutShareMax = v / 100.0 })),
        Duration("slow-start", "30s", "0", LongestWait,
            "time over which a node that comes (back) gets its share of the functions, in ten steps; 0: at once",
            (o, v) => o with { SlowStart = v }),
    ];

    private static IEnumerable<Option> Retrying() =>
    [
        Named("busy-status", "LIST", "503",
            "statuses by which a node may say, with Retry-After and the busy message, that it did not start a call",
            "a comma list of 400 to 599", SetBusyStatuses),
        Text("busy-message", "TEXT", "Timed out - server too busy", "what the body of such an answer contains",
            "text, not empty, at most 1000 bytes", (o, v) => Encoding.UTF8.GetByteCount(v) is > 0 and <= 1000
                ? o with { Proxy = o.Proxy with { BusyMessage = v } }
                : null),
        Number("retries-per-second", "10", 0, 1_000_000,
            "calls a second, over all event loops but at least one for each, that may run again after their connection "
            + "was lost; beyond that a fifth of those in flight; 0: only that fifth",
            (o, v) => o with { Proxy = o.Proxy with { RetriesPerSecondMin = (int)v } }),
    ];

    private static IEnumerable<Option> Waiting() =>
    [
        Duration("connect-timeout", "2s", "1ms", LongestWait, "limit for connecting to a node, then the next is tried",
            (o, v) => o with { Proxy = o.Proxy with { ConnectTimeout = v } }),
        Duration("head-timeout", "10s", "1ms", LongestWait, "limit for a client to send a request's head, else 408",
            (o, v) => o with { Proxy = o.Proxy with { HeadTimeout = v } }),
        Duration("idle-timeout", "75s", "1ms", LongestWait, "how long a client may keep a connection without a request",
            (o, v) => o with { Proxy = o.Proxy with { IdleTimeout = v } }),
        Duration("answer-timeout", "360s", "1ms", LongestWait, "limit for a node to begin its answer, else 504",
            (o, v) => o with { Proxy = o.Proxy with { AnswerTimeout = v } }),
        Duration("stall-timeout", "60s", "1ms", LongestWait, "how long a body may stand still, then the call is cut",
            (o, v) => o with { Proxy = o.Proxy with { StallTimeout = v } }),
        Duration("node-idle-timeout", "55s", "1ms", LongestWait,
            "how long an unused node connection is kept; at most 4 s less than the node announces",
            (o, v) => o with { Proxy = o.Proxy with { NodeIdleTimeout = v } }),
        Duration("node-silence-timeout", "60s", "1s", LongestWait,
            "how long a node's machine may acknowledge nothing, then its calls count as lost",
            (o, v) => o with { Proxy = o.Proxy with { NodeSilenceTimeout = v } }),
        Duration("linger-timeout", "5s", "0", LongestWait,
            "how long is read what a client still sends after the last answer, so that it can read that",
            (o, v) => o with { Proxy = o.Proxy with { LingerTimeout = v } }),
        Duration("tunnel-idle-timeout", "1h", "1ms", LongestWait,
            "how long an upgraded connection (WebSocket) may stand still, then it is closed",
            (o, v) => o with { Proxy = o.Proxy with { TunnelIdleTimeout = v } }),
    ];

    private static IEnumerable<Option> Sizes() =>
    [
        Number("max-connections", Invariant($"{ClientsByDescriptors()}"), 1, 10_000_000,
            "clients at once; beyond it the longest idle one is closed, and without one the new client gets 503",
            (o, v) => o with { Proxy = o.Proxy with { ConnectionsMax = (int)v } })
            with { DefaultShown = "half the file descriptors that this process may open" },
        Number("max-head-bytes", "65536", 1024, 1024 * 1024, "largest head of a request or an answer, else 431 or 502",
            (o, v) => WithHeads(o, o.Proxy.HeadLimits with { HeadBytesMax = (int)v })),
        Number("max-head-fields", "200", 1, 10_000, "most header fields of a request or an answer, else 431 or 502",
            (o, v) => WithHeads(o, o.Proxy.HeadLimits with { FieldCountMax = (int)v })),
        Number("max-request-line", "16384", 128, 1024 * 1024, "longest request line in bytes, else 414",
            (o, v) => WithHeads(o, o.Proxy.HeadLimits with { StartLineBytesMax = (int)v })),
        Number("held-bytes", "65536", 1024, 16 * 1024 * 1024,
            "bytes of a request that are kept until its answer begins; a longer one cannot be sent to another node",
            (o, v) => o with { Proxy = o.Proxy with { HeldBytesMax = (int)v } }),
        Number("max-body", "0", 0, long.MaxValue, "largest body of a request in bytes, else 413; 0 is no limit",
            (o, v) => o with { Proxy = o.Proxy with { BodyBytesMax = v } }),
    ];

    private static IEnumerable<Option> Elsewhere() =>
    [
        Text("zipkin", "URL", "", "Zipkin collector that spans are sent to; /api/v2/spans if there is no path",
            "an http:// or https:// URL, or empty", (o, v) => IsWebUrl(v) ? o with { ZipkinUrl = v } : null),
        Text("otlp", "URL", "", "OpenTelemetry collector that spans are sent to; /v1/traces if there is no path",
            "an http:// or https:// URL, or empty", (o, v) => IsWebUrl(v) ? o with { OtlpUrl = v } : null),
        Text("trace-sample", "PERCENT", "100", "calls that are traced, of those whose sender has not decided",
            "a percentage from 0 to 100, such as 1 or 0.1",
            (o, v) => double.TryParse(v, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double part)
                && part <= 100
                ? o with { TraceShare = part / 100 }
                : null),
        Text("namespace", "NAME", "", "Kubernetes namespace, with -db k8s", "any text",
            (o, v) => o with { Kubernetes = o.Kubernetes with { Namespace = v } }),
        Text("label-selector", "SELECTOR", "", "Kubernetes labels of the pods, with -db k8s", "any text",
            (o, v) => o with { Kubernetes = o.Kubernetes with { LabelSelector = v } }),
        Number("target-port", "8080", 1, 65535, "port of the pods, with -db k8s",
            (o, v) => o with { Kubernetes = o.Kubernetes with { TargetPort = (int)v } }),
        Text("k8s-service", "NAME", "", "nodes are the endpoints of this service instead of pods, with -db k8s",
            "any text", (o, v) => o with { Kubernetes = o.Kubernetes with { Service = v } }),
        Text("kubeconfig", "PATH", "", "how to reach the Kubernetes API from outside, with -db k8s; empty: as a pod",
            "any text", (o, v) => o with { Kubernetes = o.Kubernetes with { KubeconfigPath = v } }),
    ];

    private static Option HelpSwitch() =>
        Switch("help", "print this and exit; also -h", (o, v) => o with { ShowsHelp = v }) with { Variable = null };

    // A client in a call needs a second descriptor, to the node; the process itself needs some dozens. Shells start
    // programs with a limit made for select(2), so it is raised before it is read.
    private static int ClientsByDescriptors() => Math.Clamp((DescriptorLimit.Raise() - 200) / 2, 1, 1_000_000);

    private static bool Choice<T>(string text, out T choice)
        where T : struct, Enum
    {
        T[] found = [.. Enum.GetValues<T>()
            .Where(value => value.ToString().Equals(text, StringComparison.OrdinalIgnoreCase))];
        choice = found.FirstOrDefault();
        return found.Length > 0;
    }

    private static FnlbOptions WithHeads(FnlbOptions options, Core.Http1.HeadLimits limits) =>
        options with { Proxy = options.Proxy with { HeadLimits = limits } };

    private static FnlbOptions WithOutliers(FnlbOptions options, OutlierOptions outliers) =>
        options with { Health = options.Health with { Outliers = outliers } };

    private static string? SetRouteKey(ref FnlbOptions options, string value)
    {
        if (!RouteKeyRule.TryParse(value, out RouteKeyRule? rule, out string? error))
        {
            return error;
        }

        options = options with { Routing = options.Routing with { KeyRule = rule } };
        return null;
    }

    private static string? SetBusyStatuses(ref FnlbOptions options, string value)
    {
        List<int> statuses = [];
        foreach (string text in value.Split(',', Tolerant))
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int status)
                || status is < 400 or > 599)
            {
                return "must be a comma list of 400 to 599";
            }

            statuses.Add(status);
        }

        options = options with { Proxy = options.Proxy with { BusyStatuses = statuses } };
        return null;
    }

    private static FnlbOptions? WithVersionMin(FnlbOptions options, string value)
    {
        SemanticVersion? version = null;
        return value.Length == 0 || SemanticVersion.TryParse(value, out version)
            ? options with { Health = options.Health with { VersionMin = version } }
            : null;
    }

    private static string? SetNodes(ref FnlbOptions options, string value)
    {
        List<NodeAddress> nodes = [];
        foreach (string text in value.Split(',', Tolerant))
        {
            if (!NodeAddress.TryParse(text, out NodeAddress address, out string? error))
            {
                return error;
            }

            nodes.Add(address);
        }

        options = options with { Nodes = nodes };
        return null;
    }

    private static string? SetStore(ref FnlbOptions options, string value)
    {
        string? error = StoreLocation.Parse(value, out StoreLocation location);
        options = options with { Store = location };
        return error;
    }

    private static bool IsPath(string text) =>
        text.StartsWith('/') && text.All(c => char.IsAscii(c) && !char.IsControl(c) && c is not (' ' or '#' or '\\'));

    private static bool IsWebUrl(string text) =>
        text.Length == 0 || (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https");
}

using System.Text;
using FnLb.Benchmarks.Throughput;

namespace FnLb.Benchmarks.FunctionCluster;

/// <summary>A way to put load balancers in front of the nodes.</summary>
/// <param name="HashBalanceFactor">Of HAProxy's bounded loads, in percent; 0 for least connections.</param>
internal sealed record LivePeer(string Name, bool IsFnlb, int Balancers, int HashBalanceFactor)
{
    public static IReadOnlyList<LivePeer> All { get; } =
    [
        new("fnlb", IsFnlb: true, Balancers: 1, 0),
        new("2 x fnlb", IsFnlb: true, Balancers: 2, 0),
        .. ((int[])[125, 150, 200]).Select(factor =>
            new LivePeer($"haproxy, bounded {factor}", IsFnlb: false, Balancers: 1, factor)),
        .. ((int[])[125, 150, 200]).Select(factor =>
            new LivePeer($"2 x haproxy, bounded {factor}", IsFnlb: false, Balancers: 2, factor)),
        new("haproxy, leastconn", IsFnlb: false, Balancers: 1, 0),
    ];

    public bool IsBounded => HashBalanceFactor > 0;

    public bool IsLeastConnections => !IsFnlb && !IsBounded;

    public Uri[] Urls(int firstPort) =>
        [.. Ports(firstPort).Select(Url)];

    /// <summary>Where each load balancer gets its calls; the port behind it is for its node API.</summary>
    public IEnumerable<int> Ports(int firstPort) =>
        Enumerable.Range(0, Balancers).Select(index => firstPort + (2 * index));

    /// <summary>The node API of every load balancer; none of HAProxy's.</summary>
    public Uri[] AdminUrls(int firstPort) =>
        [.. Ports(firstPort).Where(_ => IsFnlb).Select(port => Url(port + 1))];

    /// <summary>Tells every load balancer the administrative state of a node; HAProxy has no such call here.</summary>
    public async Task AdministerAsync(int firstPort, string node, string state)
    {
        using HttpClient http = new();
        foreach (Uri admin in AdminUrls(firstPort))
        {
            using StringContent body = new($$"""{"node":"{{node}}","state":"{{state}}"}""", Encoding.UTF8);
            using HttpResponseMessage answer = await http.PutAsync(new Uri(admin, "/1/lb/nodes"), body);
            answer.EnsureSuccessStatusCode();
        }
    }

    /// <summary>Starts a load balancer; it listens a moment later.</summary>
    /// <exception cref="InvalidOperationException">It is not installed, or its port is taken.</exception>
    public PinnedProcess Launch(int port, IReadOnlyList<string> nodes, LiveOptions options, string folder)
    {
        // Where another process has the port, --port chooses others.
        ListenPort.RequireFree(Name, port, port + 1);
        string log = Path.Combine(folder, $"{port}.log");
        if (IsFnlb)
        {
            return PinnedProcess.Start(
                Processors.Proxy,
                log,
                FnlbPeer.Require(options.FnlbPath),
                $"-listen=127.0.0.1:{port}",
                $"-mgmt-listen=127.0.0.1:{port + 1}",
                $"-nodes={string.Join(',', nodes)}",
                "-hc-interval=1");
        }

        string path = Path.Combine(folder, $"{port}.cfg");
        File.WriteAllText(path, Haproxy(port, nodes));
        string haproxy = Shell.Find("haproxy") ?? throw new InvalidOperationException("haproxy is not installed");
        return PinnedProcess.Start(Processors.Proxy, log, haproxy, "-db", "-f", path);
    }

    private static Uri Url(int port) => new($"http://127.0.0.1:{port}");

    // Calls that were refused or lost are placed again, as fnlb does it.
    private string Haproxy(int port, IReadOnlyList<string> nodes)
    {
        string balance = HashBalanceFactor == 0
            ? "balance leastconn"
            : $"balance uri\n    hash-type consistent\n    hash-balance-factor {HashBalanceFactor}";
        string servers = string.Concat(nodes.Select((address, i) => $"    server n{i} {address} check inter 1s\n"));
        return $"""
            defaults
                mode http
                timeout connect 2s
                timeout client 75s
                timeout server 360s
                option httpchk GET /version
                option redispatch 1
                retries 3
                retry-on conn-failure empty-response 503
                http-reuse always
            frontend traffic
                bind 127.0.0.1:{port}
                default_backend nodes
            backend nodes
                {balance}
            {servers}
            """;
    }
}

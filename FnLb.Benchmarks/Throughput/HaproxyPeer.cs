namespace FnLb.Benchmarks.Throughput;

/// <summary>
/// HAProxy with one thread, the path deciding the server, connections to servers kept, splicing where it pays.
/// </summary>
internal sealed class HaproxyPeer : Peer
{
    // Splicing takes two descriptors more for a connection: with them, more would not fit under a limit of 20,000.
    private const int ClientsMaxWithSplice = 7000;

    public override string Name => "haproxy";

    public override string? Executable { get; } = Shell.Find("haproxy");

    protected override string VersionArgument => "-v";

    public override PinnedProcess Launch(int port, string folder, int clientsMax)
    {
        bool splices = clientsMax <= ClientsMaxWithSplice;
        string servers = string.Concat(
            NodeAddresses.Select((address, i) => $"    server n{i} {address} check inter 3s pool-max-conn -1\n"));
        string config = $"""
            global
                nbthread 1
                maxconn {(splices ? ClientsMaxWithSplice : clientsMax)}
                # By default it closes idle server connections once a quarter of its descriptors is in use.
                tune.pool-low-fd-ratio 90
                tune.pool-high-fd-ratio 95
            defaults
                mode http
                timeout connect 2s
                timeout client 75s
                timeout server 360s
                timeout http-request 10s
                timeout http-keep-alive 75s
                option forwardfor
                option http-keep-alive
                http-reuse always
                {(splices ? "option splice-auto" : "")}
            frontend traffic
                bind 127.0.0.1:{port} backlog 4096
                http-request set-header X-Forwarded-Proto http
                http-response del-header XXX-FXLB-WAIT
                default_backend nodes
            backend nodes
                balance uri
                hash-type consistent
                option httpchk GET /version
            {servers}
            """;
        string path = Path.Combine(folder, "haproxy.cfg");
        File.WriteAllText(path, config);
        return PinnedProcess.Start(Processors.Proxy, LogPath(folder), Executable!, "-db", "-f", path);
    }
}

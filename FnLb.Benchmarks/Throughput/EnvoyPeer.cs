using System.Globalization;

namespace FnLb.Benchmarks.Throughput;

/// <summary>Envoy with one worker, the path deciding the node, no access log, limits out of the way.</summary>
internal sealed class EnvoyPeer : Peer
{
    private const int Unlimited = 1_000_000;

    public override string Name => "envoy";

    public override string? Executable { get; } = Shell.Find("envoy");

    protected override string VersionArgument => "--version";

    public override PinnedProcess Launch(int port, string folder, int clientsMax)
    {
        string endpoints = string.Join(", ", BackendNodes.Ports.Select(node =>
            $$"""{ endpoint: { address: {{Address(node)}} } }"""));
        string config = $$"""
            static_resources:
              listeners:
              - name: traffic
                address: {{Address(port)}}
                tcp_backlog_size: 4096
                filter_chains:
                - filters:
                  - name: envoy.filters.network.http_connection_manager
                    typed_config:
                      "@type": {{Filter("network.http_connection_manager", "HttpConnectionManager")}}
                      stat_prefix: traffic
                      generate_request_id: false
                      use_remote_address: true
                      route_config:
                        virtual_hosts:
                        - name: all
                          domains: ["*"]
                          routes:
                          - match: { prefix: "/" }
                            route:
                              cluster: nodes
                              timeout: 360s
                              hash_policy: [{ header: { header_name: ":path" } }]
                          response_headers_to_remove: ["XXX-FXLB-WAIT"]
                      http_filters:
                      - name: envoy.filters.http.router
                        typed_config: { "@type": {{Filter("http.router", "Router")}} }
              clusters:
              - name: nodes
                type: STATIC
                connect_timeout: 2s
                lb_policy: RING_HASH
                circuit_breakers:
                  thresholds:
                  - { max_connections: {{Unlimited}}, max_pending_requests: {{Unlimited}}, max_requests: {{Unlimited}} }
                health_checks:
                - timeout: 5s
                  interval: 3s
                  unhealthy_threshold: 2
                  healthy_threshold: 1
                  http_health_check: { path: /version }
                load_assignment: { cluster_name: nodes, endpoints: [{ lb_endpoints: [{{endpoints}}] }] }
            """;
        string path = Path.Combine(folder, "envoy.yaml");
        File.WriteAllText(path, config);
        return PinnedProcess.Start(
            Processors.Proxy, LogPath(folder), Executable!,
            "--concurrency", "1", "--disable-hot-restart", "--log-level", "error", "-c", path);
    }

    private static string Filter(string name, string type) =>
        $"type.googleapis.com/envoy.extensions.filters.{name}.v3.{type}";

    private static string Address(int port) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{ socket_address: { address: 127.0.0.1, port_value: {{port}} } }""");
}

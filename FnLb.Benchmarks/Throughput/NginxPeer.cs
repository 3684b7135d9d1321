namespace FnLb.Benchmarks.Throughput;

/// <summary>
/// nginx with one worker, the path deciding the node, connections to nodes kept, bodies relayed as they come.
/// </summary>
internal sealed class NginxPeer : Peer
{
    public override string Name => "nginx";

    public override string? Executable { get; } = Shell.Find("nginx");

    protected override string VersionArgument => "-v";

    public override PinnedProcess Launch(int port, string folder, int clientsMax)
    {
        string servers = string.Concat(NodeAddresses.Select(address => $"        server {address};\n"));
        string config = $$"""
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            daemon off;
            worker_processes 1;
            pid {{folder}}/nginx-proxy.pid;
            error_log {{LogPath(folder)}} error;
            events { worker_connections {{(2 * clientsMax) + 100}}; }
            http {
                access_log off;
                client_body_temp_path {{folder}}/body;
                proxy_temp_path {{folder}}/proxy;
                keepalive_requests 1000000000;
                keepalive_timeout 75s;
                client_header_timeout 10s;
                client_max_body_size 0;
                upstream nodes {
                    hash $uri consistent;
            {{servers}}
                    keepalive {{clientsMax}};
                    keepalive_requests 1000000000;
                }
                server {
                    listen 127.0.0.1:{{port}} backlog=4096;
                    location / {
                        proxy_pass http://nodes;
                        proxy_http_version 1.1;
                        proxy_request_buffering off;
                        proxy_buffering off;
                        proxy_buffer_size 32k;
                        proxy_buffers 4 32k;
                        proxy_set_header Host $http_host;
                        proxy_set_header Connection "";
                        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                        proxy_set_header X-Forwarded-Proto http;
                        proxy_hide_header XXX-FXLB-WAIT;
                        proxy_connect_timeout 2s;
                        proxy_read_timeout 360s;
                    }
                }
            }
            """;
        string path = Path.Combine(folder, "nginx-proxy.conf");
        File.WriteAllText(path, config);
        return PinnedProcess.Start(Processors.Proxy, LogPath(folder), Executable!, "-c", path, "-e", LogPath(folder));
    }
}

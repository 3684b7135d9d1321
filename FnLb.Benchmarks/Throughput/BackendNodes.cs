using System.Net;
using System.Net.Sockets;

namespace FnLb.Benchmarks.Throughput;

/// <summary>Three nodes that answer as fast as they can: one nginx on three ports.</summary>
internal static class BackendNodes
{
    private const int Kibibyte = 1024;
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(5);

    public static IReadOnlyList<int> Ports { get; } = [18_101, 18_102, 18_103];

    /// <summary>Starts them, and waits until they listen.</summary>
    /// <exception cref="InvalidOperationException">They do not; the message says why.</exception>
    /// <param name="folder">For configuration, log and the files they serve.</param>
    public static PinnedProcess Start(string nginx, string folder) =>
        Start(nginx, folder, Processors.Others, workers: 1);

    /// <inheritdoc cref="Start(string, string)"/>
    /// <param name="processors">As <c>taskset -c</c> takes them.</param>
    /// <param name="workers">Processes of nginx; one keeps one processor busy.</param>
    public static PinnedProcess Start(string nginx, string folder, string processors, int workers)
    {
        // Each worker with a queue of its own: of a common one the first to wake takes nearly all.
        string listen = workers > 1 ? "backlog=4096 reuseport" : "backlog=4096";
        string files = Directory.CreateDirectory(Path.Combine(folder, "down")).FullName;
        File.WriteAllBytes(Path.Combine(files, "64k"), new byte[64 * Kibibyte]);
        File.WriteAllBytes(Path.Combine(files, "1m"), new byte[1024 * Kibibyte]);
        string config = $$"""
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            daemon off;
            worker_processes {{workers}};
            pid {{folder}}/nodes.pid;
            error_log {{folder}}/nodes.log error;
            events { worker_connections 16384; }
            http {
                access_log off;
                client_body_temp_path {{folder}}/nodes-body;
                proxy_temp_path {{folder}}/nodes-proxy;
                keepalive_requests 1000000000;
                keepalive_timeout 3600s;
                sendfile on;
                tcp_nopush on;
                client_max_body_size 0;
                client_body_buffer_size 2m;
                server {
            {{string.Concat(Ports.Select(port => $"        listen 127.0.0.1:{port} {listen};\n"))}}
                    location = /version { return 200 '{"version":"0.3.750"}'; }
                    location /r/ { return 200 "hello from the function\n"; }
                    location /echo/ { return 200 "{{new string('x', Kibibyte)}}"; }
                    location /down/ { root {{folder}}; }
                    location /up/ {
                        # A "return" here would answer before the body is in. Passing the call on without its body
                        # makes nginx read all of it first.
                        proxy_pass_request_body off;
                        proxy_set_header Content-Length "";
                        proxy_pass http://unix:{{folder}}/up.sock:/;
                    }
                }
                server {
                    listen unix:{{folder}}/up.sock;
                    location / { return 200 "stored\n"; }
                }
            }
            """;
        string path = Path.Combine(folder, "nodes.conf");
        File.WriteAllText(path, config);
        string log = Path.Combine(folder, "nodes.log");
        ListenPort.RequireFree("nginx", [.. Ports]);
        PinnedProcess nodes = PinnedProcess.Start(processors, log, nginx, "-c", path, "-e", log);
        if (!SpinWait.SpinUntil(() => nodes.HasExited || IsListening(), StartMax) || nodes.HasExited)
        {
            string words = nodes.LastWords;
            nodes.Dispose();
            throw new InvalidOperationException($"nginx, which is to be the nodes, does not listen; {words}");
        }

        return nodes;
    }

    private static bool IsListening()
    {
        using Socket probe = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Connect(IPAddress.Loopback, Ports[0]);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

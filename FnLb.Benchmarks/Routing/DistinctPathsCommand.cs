using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using FnLb.Benchmarks.Throughput;

namespace FnLb.Benchmarks.Routing;

/// <summary>
/// <c>fnlb-bench paths</c>: what ten million paths that are called once do to the memory of the executable. Its nodes
/// are out, so that it answers 503 itself: placing is what fills its table of functions, and nothing else is to slow
/// the stream of paths down. It runs as it does by default, on all processors, which it shares with the client.
/// </summary>
internal static class DistinctPathsCommand
{
    private const int Port = 18_480;
    private const int Batch = 200;
    private const int Connections = 2;
    private const int Nodes = 8;
    private const int Reports = 10;
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        int paths = 10_000_000;
        if (args.Length > 0 && !int.TryParse(args[0], CultureInfo.InvariantCulture, out paths))
        {
            await Console.Error.WriteLineAsync("usage: fnlb-bench paths [COUNT]");
            return 2;
        }

        string folder = Directory.CreateTempSubdirectory("fnlb-paths-").FullName;
        try
        {
            await MeasureAsync(paths, folder, stop);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(int paths, string folder, CancellationToken stop)
    {
        ListenPort.RequireFree("fnlb", Port, Port + 1);
        using PinnedProcess fnlb = PinnedProcess.Start(
            Processors.All,
            Path.Combine(folder, "log"),
            FnlbPeer.Require(given: null),
            $"-listen=127.0.0.1:{Port}",
            $"-mgmt-listen=127.0.0.1:{Port + 1}",
            "-nodes=" + string.Join(',', Enumerable.Range(1, Nodes).Select(node => $"127.0.0.{node}:9")));
        using Socket first = await ConnectAsync(stop);
        await SendAsync(first, 0, Batch, stop);
        long before = fnlb.ResidentBytes;
        double cpuBefore = fnlb.Cpu.Total;
        long started = Stopwatch.GetTimestamp();
        int share = paths / Reports / Connections / Batch * Batch;
        using Socket second = await ConnectAsync(stop);
        for (int report = 0; report < Reports; report++)
        {
            int from = 1 + (report * Connections * share);
            await Task.WhenAll(
                Task.Run(() => SendAsync(first, from, share, stop), stop),
                Task.Run(() => SendAsync(second, from + share, share, stop), stop));
            int sent = (report + 1) * Connections * share;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{sent,10} paths after {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s:"
                    + $" {fnlb.ResidentBytes / 1e6:0.0} MB resident, {before / 1e6:0.0} before;"
                    + $" {(fnlb.Cpu.Total - cpuBefore) / sent * 1e6:0.0} us of CPU a path"));
        }

    }

    private static async Task<Socket> ConnectAsync(CancellationToken stop)
    {
        DateTime deadline = DateTime.UtcNow + StartMax;
        while (true)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Port), stop);
                return socket;
            }
            catch (SocketException) when (DateTime.UtcNow < deadline)
            {
                socket.Dispose();
                await Task.Delay(20, stop);
            }
        }
    }

    // A batch is written at once and its answers are awaited: so many calls are under way on a connection.
    private static async Task SendAsync(Socket socket, int from, int count, CancellationToken stop)
    {
        StringBuilder text = new();
        byte[] received = new byte[256 * 1024];
        for (int sent = 0; sent < count; sent += Batch)
        {
            text.Clear();
            for (int path = from + sent; path < from + sent + Batch; path++)
            {
                text.Append(CultureInfo.InvariantCulture, $"GET /r/app/{path} HTTP/1.1\r\nHost: x\r\n\r\n");
            }

            await socket.SendAsync(Encoding.ASCII.GetBytes(text.ToString()), stop);
            int answers = 0;
            int kept = 0;
            while (answers < Batch)
            {
                int read = await socket.ReceiveAsync(received.AsMemory(kept), stop);
                if (read == 0)
                {
                    throw new InvalidOperationException("the balancer closed the connection");
                }

                answers += received.AsSpan(0, kept + read).Count("HTTP/1.1 "u8);

                // What begins an answer may be cut in two; what was counted must not be counted again.
                int tail = received.AsSpan(0, kept + read).LastIndexOf((byte)'H');
                bool isCut = tail >= 0 && kept + read - tail < "HTTP/1.1 ".Length;
                int length = isCut ? kept + read - tail : 0;
                received.AsSpan(kept + read - length, length).CopyTo(received);
                kept = length;
            }
        }
    }
}

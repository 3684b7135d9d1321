using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace FnLb.Benchmarks.Throughput;

/// <summary>Measures the time from the start of a proxy's process to its first 200 from a node.</summary>
internal static class FirstAnswer
{
    private static readonly byte[] Request =
        "GET /r/app/f1 HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n"u8.ToArray();
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(10);

    /// <returns>Milliseconds; the start of the shell and of taskset in front of it, about 2 ms, is included.</returns>
    public static double Measure(Peer peer, int port, string folder, CancellationToken stop)
    {
        ListenPort.RequireFree(peer.Name, [port, .. peer.FurtherPorts(port)]);
        long started = Stopwatch.GetTimestamp();
        using PinnedProcess process = peer.Launch(port, folder, clientsMax: 1000);
        while (!Answers(port))
        {
            stop.ThrowIfCancellationRequested();
            if (process.HasExited || Stopwatch.GetElapsedTime(started) > WaitMax)
            {
                throw new InvalidOperationException(peer.Silence(process));
            }
        }

        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static bool Answers(int port)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.ReceiveTimeout = (int)WaitMax.TotalMilliseconds;
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            socket.Send(Request);
            byte[] answer = new byte[1024];
            int count = socket.Receive(answer);
            return answer.AsSpan(0, count).StartsWith("HTTP/1.1 200"u8);
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

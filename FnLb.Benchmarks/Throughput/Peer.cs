using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FnLb.Benchmarks.Throughput;

/// <summary>
/// A proxy that can be measured: how to find it, and how to start it with settings equivalent to the others'.
/// </summary>
internal abstract class Peer
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(10);

    public abstract string Name { get; }

    /// <summary>Where the executable is; null when it is not installed.</summary>
    public abstract string? Executable { get; }

    /// <summary>What it says about its version, in one line.</summary>
    public string Version => Shell.FirstLine($"{Executable} {VersionArgument} 2>&1");

    /// <summary>What the load on it runs on.</summary>
    public virtual string LoadProcessors => Processors.Others;

    protected abstract string VersionArgument { get; }

    /// <summary>Starts it and returns at once; it listens a little later.</summary>
    /// <param name="port">Where it listens on 127.0.0.1.</param>
    /// <param name="folder">For its configuration and log.</param>
    /// <param name="clientsMax">Client connections that it must be able to hold.</param>
    public abstract PinnedProcess Launch(int port, string folder, int clientsMax);

    /// <summary>Ports that it listens on besides.</summary>
    public virtual IReadOnlyList<int> FurtherPorts(int port) => [];

    /// <summary>Starts it and waits until it answers from a node.</summary>
    /// <exception cref="InvalidOperationException">It does not, or its port is taken; the message says why.</exception>
    public async Task<PinnedProcess> StartAsync(
        int port, string folder, int clientsMax, CancellationToken stop)
    {
        ListenPort.RequireFree(Name, [port, .. FurtherPorts(port)]);
        PinnedProcess process = Launch(port, folder, clientsMax);
        try
        {
            await WaitForAnswerAsync(process, port, stop);
            return process;
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>Why it cannot be measured, for a message.</summary>
    public string Silence(PinnedProcess process) =>
        $"{Name} {(process.HasExited ? "has ended" : "does not answer")}; {process.LastWords}";

    protected string LogPath(string folder) => Path.Combine(folder, $"{Name.Replace('/', '_')}.log");

    /// <summary>Nodes as <c>127.0.0.1:port</c>.</summary>
    protected static IEnumerable<string> NodeAddresses =>
        BackendNodes.Ports.Select(port => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"));

    // One that has ended is not what answers.
    private async Task WaitForAnswerAsync(PinnedProcess process, int port, CancellationToken stop)
    {
        using HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = StartMax };
        long started = Stopwatch.GetTimestamp();
        while (!await AnswersAsync(http, port, stop) || process.HasExited)
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(started) > StartMax)
            {
                throw new InvalidOperationException(Silence(process));
            }

            await Task.Delay(20, stop);
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient http, int port, CancellationToken stop)
    {
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(
                new Uri($"http://127.0.0.1:{port}/r/app/f1"), stop);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException or IOException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // It has taken too long.
            return false;
        }
    }
}

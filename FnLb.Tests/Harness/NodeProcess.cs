using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace FnLb.Tests.Harness;

/// <summary>An <see cref="EchoNode"/> in a process of its own; another may take its place at its address.</summary>
internal sealed class NodeProcess : IDisposable
{
    private readonly NetworkNamespace? _network;
    private Process _process;

    private NodeProcess(NetworkNamespace? network)
    {
        _network = network;
        Address = string.Create(
            CultureInfo.InvariantCulture, $"{network?.InsideAddress ?? "127.0.0.1"}:{FreePort.Next()}");
        _process = Launch();
    }

    public string Address { get; }

    public static Task<NodeProcess[]> StartAsync(int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => StartAsync(network: null)));

    /// <param name="network">Where it runs; null for that of the tests.</param>
    public static async Task<NodeProcess> StartAsync(NetworkNamespace? network)
    {
        NodeProcess node = new(network);
        await node.WaitUntilListeningAsync();
        return node;
    }

    public void Signal(int signal) => Signals.Send(_process.Id, signal);

    /// <summary>Ends it without a chance to do anything more.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Starts another in place of a killed one.</summary>
    public Task ReplaceAsync()
    {
        _process = Launch();
        return WaitUntilListeningAsync();
    }

    public void Dispose()
    {
        try
        {
            Kill();
        }
        catch (InvalidOperationException)
        {
            // The test has killed it.
        }
    }

    private Process Launch()
    {
        string[] command = ["dotnet", typeof(NodeProcess).Assembly.Location, Address];
        command = [.. _network?.Enter ?? [], .. command];
        ProcessStartInfo info = new(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return Process.Start(info)!;
    }

    private async Task WaitUntilListeningAsync()
    {
        using CancellationTokenSource expiry = new(TimeSpan.FromSeconds(20));
        string? line = await _process.StandardOutput.ReadLineAsync(expiry.Token);
        if (line != Address)
        {
            throw new SocketException((int)SocketError.AddressNotAvailable, $"no node at {Address}: {line}");
        }
    }
}

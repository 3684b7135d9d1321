using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace FnLb.Tests.Harness;

/// <summary>The other end of NOTIFY_SOCKET: what systemd would be told.</summary>
internal sealed class ServiceWatcher : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly ConcurrentQueue<string> _messages = new();

    public ServiceWatcher()
    {
        // As systemd has it in a container: a name without a file.
        string name = $"fnlb-test-{Environment.ProcessId}-{Guid.NewGuid():N}";
        Address = '@' + name;
        _socket.Bind(new UnixDomainSocketEndPoint('\0' + name));
        _ = ReceiveAsync();
    }

    /// <summary>For NOTIFY_SOCKET.</summary>
    public string Address { get; }

    /// <summary>The messages so far, each with its lines.</summary>
    public IReadOnlyCollection<string> Messages => _messages;

    public bool Has(string line) => CountOf(line) > 0;

    /// <summary>How many messages have a line that begins so.</summary>
    public int CountOf(string line) =>
        _messages.Count(message => message.Split('\n').Any(said => said.StartsWith(line, StringComparison.Ordinal)));

    public Task WaitForAsync(string line) =>
        Eventually.HoldsAsync(() => Has(line), $"systemd is told {line}", TimeSpan.FromSeconds(20));

    public void Dispose() => _socket.Dispose();

    private async Task ReceiveAsync()
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (true)
            {
                int bytes = await _socket.ReceiveAsync(buffer);
                _messages.Enqueue(Encoding.UTF8.GetString(buffer, 0, bytes));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}

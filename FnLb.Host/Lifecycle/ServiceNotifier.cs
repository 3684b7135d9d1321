using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace FnLb.Host.Lifecycle;

/// <summary>Tells systemd what this process is doing, as sd_notify(3) does: one datagram a message.</summary>
/// <remarks>Without systemd, or when its socket cannot be reached, nothing happens: nobody is waiting.</remarks>
internal sealed class ServiceNotifier : IDisposable
{
    private readonly Socket? _socket;
    private readonly UnixDomainSocketEndPoint? _target;

    /// <param name="variable">Gives the value of an environment variable; null when it is not set.</param>
    public ServiceNotifier(Func<string, string?> variable, int processId)
    {
        if (variable("NOTIFY_SOCKET") is not { Length: > 1 } path || path[0] is not ('/' or '@'))
        {
            return;
        }

        // An at sign stands for the zero byte that begins an abstract name.
        _target = new UnixDomainSocketEndPoint(path[0] == '@' ? '\0' + path[1..] : path);
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        string? watchedProcess = variable("WATCHDOG_PID");
        bool isWatched = watchedProcess is null
            || watchedProcess == processId.ToString(CultureInfo.InvariantCulture);
        if (isWatched && long.TryParse(variable("WATCHDOG_USEC"), out long microseconds) && microseconds > 0)
        {
            WatchdogTimeout = TimeSpan.FromMicroseconds(microseconds);
        }
    }

    /// <summary>Within which systemd wants to hear of this process; null when it does not watch.</summary>
    public TimeSpan? WatchdogTimeout { get; }

    public bool IsListenedTo => _socket is not null;

    /// <summary>The process serves; also what ends <see cref="Reloading"/>.</summary>
    public void Ready(string status) => Send($"READY=1\nSTATUS={status}");

    /// <summary>The process serves on, but takes up new settings or hands over.</summary>
    public void Reloading()
    {
        // CLOCK_MONOTONIC, which is what Stopwatch reads here.
        long microseconds = (long)(Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1e6));
        Send(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={microseconds}"));
    }

    /// <summary>The service is another process from here on, and that is ready.</summary>
    public void HandedOver(int processId) =>
        Send(string.Create(CultureInfo.InvariantCulture, $"MAINPID={processId}\nREADY=1"));

    public void Stopping(string status) => Send($"STOPPING=1\nSTATUS={status}");

    public void Status(string status) => Send($"STATUS={status}");

    public void Alive() => Send("WATCHDOG=1");

    public void Dispose() => _socket?.Dispose();

    private void Send(string message)
    {
        try
        {
            _socket?.SendTo(Encoding.UTF8.GetBytes(message), _target!);
        }
        catch (SocketException)
        {
            // systemd restarts, or its queue is full; the next message tells it as well.
        }
    }
}

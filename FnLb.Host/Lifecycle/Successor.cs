using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace FnLb.Host.Lifecycle;

/// <summary>The process that is to take this one's place: the executable as it is on disk now.</summary>
internal sealed class Successor : IDisposable
{
    private readonly Process _launcher;
    private readonly HandOverChannel _channel;

    private Successor(Process launcher, HandOverChannel channel)
    {
        _launcher = launcher;
        _channel = channel;
    }

    /// <summary>Where the executable is; read first at the start, for the kernel forgets once it is replaced.</summary>
    public static string Program { get; } = Environment.ProcessPath ?? "/proc/self/exe";

    /// <summary>0 until it has said so.</summary>
    public int ProcessId { get; private set; }

    /// <summary>Starts the executable with the arguments of this process and both listening sockets.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static Successor Start(IReadOnlyList<string> arguments, ListeningSockets sockets)
    {
        (int here, int there) = NativeCalls.SocketPair();
        HandOverChannel channel = new(new Socket(new SafeSocketHandle(here, ownsHandle: true)));
        using SafeSocketHandle theirs = new(there, ownsHandle: true);
        Dictionary<string, int> passed = sockets.Descriptors();
        passed.Add(InheritedSockets.ControlName, there);
        ProcessStartInfo start = new(Program, arguments);
        start.Environment[InheritedSockets.HandOverVariable] = string.Join(
            ',', passed.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}={pair.Value}")));
        start.Environment[Launcher.Variable] = "1";

        // Those name this process. The watchdog then is the successor's, which is meant by none.
        foreach (string variable in (string[])["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "WATCHDOG_PID"])
        {
            _ = start.Environment.Remove(variable);
        }

        try
        {
            SetInherited(passed.Values, isInherited: true);
            return new Successor(Process.Start(start)!, channel);
        }
        catch
        {
            channel.Dispose();
            throw;
        }
        finally
        {
            SetInherited(passed.Values, isInherited: false);
        }
    }

    /// <summary>Gives it the state and waits until it could serve.</summary>
    /// <returns>False when it ended instead.</returns>
    public async Task<bool> WaitUntilReadyAsync(ServiceState state, CancellationToken cancellation)
    {
        try
        {
            ProcessId = await _channel.ReadNumberAsync(cancellation);
            await _channel.SendStateAsync(state, cancellation);
        }
        catch (IOException)
        {
            return false;
        }

        // Until that has ended the successor is its child, and not the first process's.
        await _launcher.WaitForExitAsync(cancellation);
        return await _channel.WaitForDoneAsync(cancellation);
    }

    /// <summary>Lets it take calls, and waits until it does.</summary>
    /// <param name="list">The node list, which must not change here any more; null when a store has it.</param>
    /// <returns>False when it ended instead.</returns>
    public async Task<bool> BeginAsync(ServiceState? list, CancellationToken cancellation)
    {
        try
        {
            await _channel.SendListAsync(list, cancellation);
        }
        catch (IOException)
        {
            return false;
        }

        return await _channel.WaitForDoneAsync(cancellation);
    }

    /// <summary>Tells it that it is the service from here on.</summary>
    /// <param name="isToStop">Whether the service was asked to stop, which is then for it to do.</param>
    public async Task StepBackAsync(bool isToStop)
    {
        try
        {
            await _channel.SayServiceAsync(isToStop, CancellationToken.None);
        }
        catch (IOException)
        {
            // It has ended already; whoever watches over the service sees that.
        }
    }

    /// <summary>Tells it how many calls were cut here, since nobody can ask this process any more.</summary>
    public async Task SayCutAsync(int calls)
    {
        try
        {
            await _channel.SendNumberAsync(calls, CancellationToken.None);
        }
        catch (IOException)
        {
            // It has ended; the log says it too.
        }
    }

    /// <summary>Ends it: it did not come to serve, and must not do so later.</summary>
    public void Abandon()
    {
        try
        {
            using Process process = Process.GetProcessById(ProcessId > 0 ? ProcessId : _launcher.Id);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // It has ended by itself.
        }
    }

    public void Dispose()
    {
        _channel.Dispose();
        _launcher.Dispose();
    }

    private static void SetInherited(IEnumerable<int> descriptors, bool isInherited)
    {
        foreach (int descriptor in descriptors)
        {
            NativeCalls.SetInherited(descriptor, isInherited);
        }
    }
}

using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace FnLb.Core.Transport;

/// <summary>Accepts from the listening socket that all loops share, on one of them.</summary>
/// <remarks>
/// Level-triggered and exclusive: a new connection wakes one loop, and what that loop leaves wakes another. When the
/// process is out of descriptors or memory the listener rests for a moment: retrying at once would spin, since the
/// connection stays in the queue.
/// </remarks>
internal sealed unsafe class Listener : ReadinessHandler
{
    private const int AddressBytesMax = 128;
    private const int AcceptsPerWakeMax = 16;
    private const int RetryMilliseconds = 100;

    private readonly EventLoop _loop;
    private readonly Socket _socket;
    private readonly Action<NativeSocket, PeerAddress> _accepted;
    private readonly ILogger _logger;
    private readonly RetryTimer _retry;

    /// <param name="socket">Listening and non-blocking; stays the caller's.</param>
    /// <param name="accepted">Takes each new socket, on the loop's thread.</param>
    public Listener(EventLoop loop, Socket socket, Action<NativeSocket, PeerAddress> accepted, ILogger logger)
    {
        _loop = loop;
        _socket = socket;
        _accepted = accepted;
        _logger = logger;
        _retry = new RetryTimer(this);
    }

    private int Descriptor => (int)_socket.SafeHandle.DangerousGetHandle();

    /// <summary>Starts accepting. On the loop's thread.</summary>
    public void Open()
    {
        if (!_loop.TryRegister(this, Descriptor, Readiness.Readable | Readiness.Exclusive))
        {
            OpenLater(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>
    /// Accepts what waits in the queue, since those clients think that they are connected, and then no more. On the
    /// loop's thread.
    /// </summary>
    public void Close()
    {
        while (AcceptSome())
        {
        }

        _loop.Timers.Cancel(_retry);
        _loop.Unregister(this, Descriptor);
    }

    public override void Mark(Readiness readiness)
    {
    }

    public override void Abort()
    {
    }

    public override void Run() => _ = AcceptSome();

    /// <returns>Whether there may be more.</returns>
    private bool AcceptSome()
    {
        byte* address = stackalloc byte[AddressBytesMax];
        for (int accepts = 0; accepts < AcceptsPerWakeMax; accepts++)
        {
            int addressBytes = AddressBytesMax;
            int descriptor = LibC.Accept(Descriptor, address, &addressBytes, LibC.SockNonBlock | LibC.SockCloseOnExec);
            if (descriptor < 0)
            {
                Rest(Marshal.GetLastPInvokeError());
                return false;
            }

            PeerAddress peer = PeerAddress.FromNative(new ReadOnlySpan<byte>(address, addressBytes));
            _accepted(new NativeSocket(descriptor), peer);
        }

        return true;
    }

    private void Rest(int error)
    {
        bool isShortage =
            error is LibC.ErrProcessFileLimit or LibC.ErrSystemFileLimit or LibC.ErrNoMemory or LibC.ErrNoBuffers;
        if (isShortage)
        {
            _loop.Unregister(this, Descriptor);
            OpenLater(error);
        }
    }

    private void OpenLater(int error)
    {
        TransportLog.AcceptFailed(_logger, _loop.Index, error, RetryMilliseconds);
        _loop.Timers.Schedule(_retry, _loop.NowMilliseconds + RetryMilliseconds);
    }

    private sealed class RetryTimer(Listener listener) : TimerEntry
    {
        public override void OnDue(long nowMilliseconds) => listener.Open();
    }
}

using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace FnLb.Core.Transport;

/// <summary>A connected, or connecting, non-blocking stream socket: a descriptor and the calls a loop makes on
/// it.</summary>
/// <remarks>
/// Not <see cref="Socket"/>, which asks the kernel ten questions about a descriptor it is given and keeps the answers:
/// docs/adr/0002 has the figures. It owns nothing: who holds it closes it, once.
/// </remarks>
internal readonly unsafe struct NativeSocket(int descriptor)
{
    private const int LevelSocket = 1;
    private const int LevelTcp = 6;
    private const int OptionError = 4;
    private const int OptionKeepAlive = 9;
    private const int OptionLinger = 13;
    private const int OptionNoDelay = 1;
    private const int OptionKeepAliveIdleSeconds = 4;
    private const int OptionKeepAliveIntervalSeconds = 5;
    private const int OptionUserTimeoutMilliseconds = 18;
    private const int OptionTcpInformation = 11;
    private const int NoSignal = 0x4000;
    private const int ShutdownSend = 1;
    private const int TypeStream = 1;
    private const int TypeDatagram = 2;

    /// <summary>What <see cref="Receive"/> and <see cref="Send"/> return while the socket is not ready.</summary>
    public const int WouldBlock = -1;

    /// <summary>What <see cref="Receive"/> and <see cref="Send"/> return once the connection is broken.</summary>
    public const int Broken = -2;

    /// <summary>What <see cref="Send"/> returns instead when the peer had ended its stream before it broke the
    /// connection: all it sent can still be received, up to that end.</summary>
    public const int Refused = -3;

    public int Descriptor => descriptor;

    /// <summary>Starts a connection without waiting for it.</summary>
    /// <param name="socket">Open only when it has started.</param>
    public static ConnectResult Connect(EndPoint endPoint, out NativeSocket socket)
    {
        SocketAddress address = endPoint.Serialize();
        ReadOnlySpan<byte> native = address.Buffer.Span[..address.Size];
        int error = Open(native, TypeStream, out socket);
        return error switch
        {
            0 or LibC.ErrInProgress => ConnectResult.Started,
            LibC.ErrProcessFileLimit or LibC.ErrSystemFileLimit or LibC.ErrNoMemory or LibC.ErrNoBuffers =>
                ConnectResult.NoRoom,
            LibC.ErrAgain => ConnectResult.NoPort,
            LibC.ErrAddressNotAvailable => WhyNoAddress(native),
            _ => ConnectResult.Unreachable,
        };
    }

    /// <summary>Breaks the connection when the peer's kernel is silent for so long, whatever the peer's program does.
    /// </summary>
    /// <remarks>Bytes that are not acknowledged count (RFC 5482), and without any a probe goes out every third of the
    /// time.</remarks>
    public void LimitSilence(int milliseconds)
    {
        int probeSeconds = int.Max(1, milliseconds / 3000);
        SetOption(LevelSocket, OptionKeepAlive, 1);
        SetOption(LevelTcp, OptionKeepAliveIdleSeconds, probeSeconds);
        SetOption(LevelTcp, OptionKeepAliveIntervalSeconds, probeSeconds);
        SetOption(LevelTcp, OptionUserTimeoutMilliseconds, milliseconds);
    }

    /// <summary>Whether a connection that was started has been made, once the socket is writable.</summary>
    public bool IsConnected()
    {
        int error = 0;
        int errorBytes = sizeof(int);
        return LibC.GetSocketOption(descriptor, LevelSocket, OptionError, &error, &errorBytes) == 0 && error == 0;
    }

    /// <summary>Bytes that the peer's kernel has confirmed to have, over the connection's life; -1 where the kernel
    /// here does not say (tcp_info since Linux 4.1).</summary>
    public long AcknowledgedBytes()
    {
        // The field counts the connection's first, empty packet as one.
        const int offset = 120;
        int informationBytes = offset + sizeof(long);
        byte* information = stackalloc byte[offset + sizeof(long)];
        int result = LibC.GetSocketOption(
            descriptor, LevelTcp, OptionTcpInformation, information, &informationBytes);
        return result == 0 && informationBytes >= offset + sizeof(long) ? *(long*)(information + offset) - 1 : -1;
    }

    /// <returns>Bytes received, 0 at the end of the stream, <see cref="WouldBlock"/> or <see cref="Broken"/>.</returns>
    public int Receive(Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            nint received = LibC.Receive(descriptor, bytes, buffer.Length, 0);
            return received >= 0 ? (int)received : Failure(Marshal.GetLastSystemError());
        }
    }

    /// <returns>Bytes the kernel took, <see cref="WouldBlock"/>, <see cref="Broken"/> or <see cref="Refused"/>.
    /// </returns>
    public int Send(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            nint sent = LibC.Send(descriptor, bytes, buffer.Length, NoSignal);
            return sent >= 0 ? (int)sent : Failure(Marshal.GetLastSystemError());
        }
    }

    /// <summary>Sends two pieces in one call.</summary>
    /// <inheritdoc cref="Send(ReadOnlySpan{byte})"/>
    public int Send(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        fixed (byte* firstBytes = first, secondBytes = second)
        {
            LibC.Piece* pieces = stackalloc LibC.Piece[2];
            pieces[0] = new LibC.Piece(firstBytes, first.Length);
            pieces[1] = new LibC.Piece(secondBytes, second.Length);
            LibC.Message message = new() { Pieces = pieces, PieceCount = 2 };
            nint sent = LibC.SendMessage(descriptor, &message, NoSignal);
            return sent >= 0 ? (int)sent : Failure(Marshal.GetLastSystemError());
        }
    }

    /// <summary>Tells the peer that no more will be sent.</summary>
    /// <returns>False when the connection is broken.</returns>
    public bool FinishSending() => LibC.Shutdown(descriptor, ShutdownSend) == 0;

    /// <param name="reset">Tell the peer by a reset that the stream is cut, and drop what was not sent yet.</param>
    public void Close(bool reset)
    {
        if (reset)
        {
            // struct linger: on, with no time to linger.
            int* linger = stackalloc int[] { 1, 0 };
            _ = LibC.SetSocketOption(descriptor, LevelSocket, OptionLinger, linger, 2 * sizeof(int));
        }

        _ = LibC.Close(descriptor);
    }

    /// <summary>What an errno of a call that moves bytes comes to.</summary>
    public static int Failure(int error) => error switch
    {
        LibC.ErrAgain or LibC.ErrInterrupted => WouldBlock,
        LibC.ErrPipe => Refused,
        _ => Broken,
    };

    // The kernel says the same when no port is free and when this machine has no address of the family. Datagrams need
    // such an address too, and have ports of their own.
    private static ConnectResult WhyNoAddress(ReadOnlySpan<byte> native)
    {
        if (Open(native, TypeDatagram, out NativeSocket probe) != 0)
        {
            return ConnectResult.Unreachable;
        }

        probe.Close(reset: false);
        return ConnectResult.NoPort;
    }

    /// <returns>0, or errno; with any but "in progress" the socket is closed again.</returns>
    private static int Open(ReadOnlySpan<byte> native, int type, out NativeSocket socket)
    {
        int family = native[0] | (native[1] << 8);
        socket = new NativeSocket(LibC.Socket(family, type | LibC.SockNonBlock | LibC.SockCloseOnExec, 0));
        if (socket.Descriptor < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        if (type == TypeStream)
        {
            socket.SetOption(LevelTcp, OptionNoDelay, 1);
        }

        int error;
        fixed (byte* bytes = native)
        {
            int result = LibC.Connect(socket.Descriptor, bytes, native.Length);
            error = result == 0 ? 0 : Marshal.GetLastPInvokeError();
        }

        if (error is not (0 or LibC.ErrInProgress))
        {
            socket.Close(reset: false);
        }

        return error;
    }

    private void SetOption(int level, int option, int value) =>
        _ = LibC.SetSocketOption(descriptor, level, option, &value, sizeof(int));
}

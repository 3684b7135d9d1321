using System.Runtime.InteropServices;

namespace FnLb.Core.Transport;

/// <summary>
/// The few calls of the C library that .NET does not offer; every one returns -1 and sets errno on failure, which is
/// <see cref="Marshal.GetLastPInvokeError"/> unless it says otherwise.
/// </summary>
internal static partial class LibC
{
    public const int EpollCloseOnExec = 0x80000;
    public const int EventFdNonBlock = 0x800;
    public const int EventFdCloseOnExec = 0x80000;
    public const int PipeNonBlock = 0x800;
    public const int PipeCloseOnExec = 0x80000;
    public const int SockNonBlock = 0x800;
    public const int SockCloseOnExec = 0x80000;

    public const int ClockMonotonic = 1;

    public const int ErrInterrupted = 4;
    public const int ErrAgain = 11;
    public const int ErrProcessFileLimit = 24;
    public const int ErrSystemFileLimit = 23;
    public const int ErrNoMemory = 12;
    public const int ErrPipe = 32;
    public const int ErrAddressNotAvailable = 99;
    public const int ErrNoBuffers = 105;
    public const int ErrInProgress = 115;

    // The numbers of the system calls on x86-64 and, generic, on arm64: no others are published for. Without an address
    // the first two are recv and send.
    private static nint ReceiveFrom => IsArm ? 207 : 45;

    private static nint SendTo => IsArm ? 206 : 44;

    private static nint SendMsg => IsArm ? 211 : 46;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static unsafe partial int EpollControl(int epoll, int operation, int descriptor, byte* change);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static unsafe partial int EpollWait(int epoll, byte* events, int eventsMax, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static unsafe partial nint Read(int descriptor, void* buffer, nint bytes);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static unsafe partial nint Write(int descriptor, void* buffer, nint bytes);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    public static unsafe partial int Accept(int listener, byte* address, int* addressBytes, int flags);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);

    /// <remarks>On a socket that never blocks. errno is <see cref="Marshal.GetLastSystemError"/>: see
    /// <see cref="Call"/>.</remarks>
    public static unsafe nint Receive(int descriptor, void* buffer, nint bytes, int flags) =>
        Call(ReceiveFrom, descriptor, (nint)buffer, bytes, flags, 0, 0);

    /// <inheritdoc cref="Receive"/>
    public static unsafe nint Send(int descriptor, void* buffer, nint bytes, int flags) =>
        Call(SendTo, descriptor, (nint)buffer, bytes, flags, 0, 0);

    /// <inheritdoc cref="Receive"/>
    public static unsafe nint SendMessage(int descriptor, Message* message, int flags) =>
        Call(SendMsg, descriptor, (nint)message, flags, 0, 0, 0);

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    public static unsafe partial int Pipe(int* readerAndWriter, int flags);

    [LibraryImport("libc", EntryPoint = "splice", SetLastError = true)]
    public static unsafe partial nint Splice(
        int from, long* fromOffset, int to, long* toOffset, nint bytes, uint flags);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(int descriptor, int how);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    public static unsafe partial int GetSocketOption(
        int descriptor, int level, int option, void* value, int* valueBytes);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static unsafe partial int SetSocketOption(
        int descriptor, int level, int option, void* value, int valueBytes);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    public static unsafe partial int Connect(int descriptor, byte* address, int addressBytes);

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    public static unsafe partial int GetResourceLimit(int resource, ulong* softAndHard);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    public static unsafe partial int SetResourceLimit(int resource, ulong* softAndHard);

    /// <summary>Never fails for a clock that the kernel has.</summary>
    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [SuppressGCTransition]
    public static unsafe partial int ClockGetTime(int clock, TimeSpec* time);

    /// <remarks>
    /// By number: the library's own functions are points where a thread can be cancelled, and pay for that with two
    /// locked instructions each. Without a transition to native code errno is still there after the call:
    /// <see cref="Marshal.GetLastSystemError"/>. A collection waits for the call, which takes microseconds.
    /// </remarks>
    [LibraryImport("libc", EntryPoint = "syscall")]
    [SuppressGCTransition]
    private static partial nint Call(
        nint number, nint first, nint second, nint third, nint fourth, nint fifth, nint sixth);

    /// <summary>struct timespec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public readonly struct TimeSpec
    {
        private readonly nint _seconds;
        private readonly nint _nanoseconds;

        public long Nanoseconds => (_seconds * 1_000_000_000L) + _nanoseconds;
    }

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public readonly unsafe struct Piece(byte* start, nint bytes)
    {
        private readonly byte* _start = start;
        private readonly nint _bytes = bytes;
    }

    /// <summary>struct msghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct Message
    {
        private readonly void* _address;
        private readonly int _addressBytes;
        public Piece* Pieces;
        public nint PieceCount;
        private readonly void* _control;
        private readonly nint _controlBytes;
        private readonly int _flags;
    }
}

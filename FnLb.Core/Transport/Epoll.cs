using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace FnLb.Core.Transport;

/// <summary>
/// One epoll instance: the readiness selector of an event loop. Not thread-safe but for <see cref="Add"/>,
/// <see cref="TryAdd"/> and <see cref="Remove"/>.
/// </summary>
internal sealed unsafe class Epoll : IDisposable
{
    private const int OperationAdd = 1;
    private const int OperationRemove = 2;

    // struct epoll_event is packed on x86 only.
    private static readonly bool IsPacked =
        RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;
    private static readonly int EventBytes = IsPacked ? 12 : 16;
    private static readonly int DataOffset = IsPacked ? 4 : 8;

    private readonly int _descriptor;
    private readonly byte* _events;

    public Epoll(int eventsMax)
    {
        EventsMax = eventsMax;
        _descriptor = LibC.EpollCreate(LibC.EpollCloseOnExec);
        if (_descriptor < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "epoll_create1 failed");
        }

        _events = (byte*)NativeMemory.Alloc((nuint)(eventsMax * EventBytes));
    }

    public int EventsMax { get; }

    /// <param name="data">Comes back with every event of this descriptor.</param>
    /// <returns>False, with errno, when the kernel watches no more: it has no memory, or the user has as many as he
    /// may.</returns>
    public bool TryAdd(int descriptor, Readiness interest, ulong data) =>
        TryControl(OperationAdd, descriptor, interest, data);

    /// <summary>As <see cref="TryAdd"/>, for what nothing works without.</summary>
    public void Add(int descriptor, Readiness interest, ulong data) => Check(TryAdd(descriptor, interest, data));

    public void Remove(int descriptor) => Check(TryControl(OperationRemove, descriptor, Readiness.None, 0));

    /// <summary>Waits for events.</summary>
    /// <param name="timeoutMilliseconds">0 returns at once, -1 waits without limit.</param>
    /// <returns>The number of events; 0 also when a signal interrupted the wait.</returns>
    public int Wait(int timeoutMilliseconds)
    {
        int count = LibC.EpollWait(_descriptor, _events, EventsMax, timeoutMilliseconds);
        if (count >= 0)
        {
            return count;
        }

        int error = Marshal.GetLastPInvokeError();
        return error == LibC.ErrInterrupted ? 0 : throw new Win32Exception(error, "epoll_wait failed");
    }

    /// <summary>Event number <paramref name="index"/> of the last wait.</summary>
    public Readiness Event(int index, out ulong data)
    {
        byte* entry = _events + (index * EventBytes);
        data = Unaligned(entry + DataOffset);
        return (Readiness)(*(uint*)entry);
    }

    public void Dispose()
    {
        _ = LibC.Close(_descriptor);
        NativeMemory.Free(_events);
    }

    private static ulong Unaligned(byte* address) =>
        BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(address, 8));

    private static void Check(bool isDone)
    {
        if (!isDone)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "epoll_ctl failed");
        }
    }

    private bool TryControl(int operation, int descriptor, Readiness interest, ulong data)
    {
        byte* change = stackalloc byte[16];
        *(uint*)change = (uint)interest;
        BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(change + DataOffset, 8), data);
        return LibC.EpollControl(_descriptor, operation, descriptor, change) == 0;
    }
}

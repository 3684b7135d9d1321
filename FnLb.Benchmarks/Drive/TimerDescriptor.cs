using System.ComponentModel;
using System.Runtime.InteropServices;
using FnLb.Core.Transport;

namespace FnLb.Benchmarks.Drive;

/// <summary>
/// A <c>timerfd</c>: wakes an epoll at a nanosecond, where the time limit of <c>epoll_wait</c> knows milliseconds.
/// </summary>
internal sealed unsafe partial class TimerDescriptor : IDisposable
{
    private const int ClockMonotonic = 1;
    private const int NonBlockCloseOnExec = 0x80800;
    private const int AbsoluteTime = 1;
    private const int SpecificationLongs = 4;
    private const long NanosecondsPerSecond = 1_000_000_000;

    public TimerDescriptor()
    {
        Descriptor = Create(ClockMonotonic, NonBlockCloseOnExec);
        if (Descriptor < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "timerfd_create failed");
        }
    }

    public int Descriptor { get; }

    /// <summary>
    /// Becomes readable at this time of the monotonic clock, or at once when it is over. Replaces what was set before.
    /// </summary>
    public void Set(long nanoseconds)
    {
        // struct itimerspec: the interval, which is none, then the time. All zero would turn the timer off.
        long at = long.Max(nanoseconds, 1);
        long* specification = stackalloc long[SpecificationLongs];
        specification[0] = 0;
        specification[1] = 0;
        specification[2] = at / NanosecondsPerSecond;
        specification[3] = at % NanosecondsPerSecond;
        _ = SetTime(Descriptor, AbsoluteTime, specification, null);
    }

    public void Dispose() => _ = LibC.Close(Descriptor);

    [LibraryImport("libc", EntryPoint = "timerfd_create", SetLastError = true)]
    private static partial int Create(int clock, int flags);

    [LibraryImport("libc", EntryPoint = "timerfd_settime")]
    private static partial int SetTime(int descriptor, int flags, long* specification, long* old);
}

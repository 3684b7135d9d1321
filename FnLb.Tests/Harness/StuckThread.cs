using System.Runtime.InteropServices;

namespace FnLb.Tests.Harness;

/// <summary>Stops one thread of a process, by ptrace(2), while all others run on: as if it were in an endless loop.
/// </summary>
/// <remarks>Needs the rights of a debugger: root, or the same user where the kernel allows that.</remarks>
internal sealed partial class StuckThread : IDisposable
{
    private const int Seize = 0x4206;
    private const int InterruptThread = 0x4207;
    private const int NoHang = 1;
    private const int AnyThread = 0x40000000;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private readonly ManualResetEventSlim _release = new();
    private readonly Thread _debugger;
    private string? _failure;

    private StuckThread(int thread)
    {
        // The kernel lets the thread go once the thread that asked for the stop has ended.
        using ManualResetEventSlim isStopped = new();
        _debugger = new Thread(() =>
        {
            Hold(thread);
            isStopped.Set();
            while (_failure is null && !_release.Wait(PollInterval))
            {
                // A process that was killed is not gone before its debugger has seen it go.
                _ = WaitFor(thread, 0, NoHang | AnyThread);
            }
        })
        { IsBackground = true };
        _debugger.Start();
        isStopped.Wait();
    }

    /// <summary>Stops the first event loop of the process.</summary>
    /// <exception cref="InvalidOperationException">There is none, or this process may not stop it.</exception>
    public static StuckThread LoopOf(int process)
    {
        string loop = Directory.GetDirectories($"/proc/{process}/task")
            .FirstOrDefault(task => File.ReadAllText(Path.Combine(task, "comm")).Contains("loop"))
            ?? throw new InvalidOperationException($"process {process} has no event loop");
        StuckThread stuck = new(int.Parse(Path.GetFileName(loop)));
        return stuck._failure is null ? stuck : throw new InvalidOperationException(stuck._failure);
    }

    /// <summary>It runs on.</summary>
    public void Dispose()
    {
        _release.Set();
        _debugger.Join();
        _release.Dispose();
    }

    private void Hold(int thread)
    {
        if (Trace(Seize, thread, 0, 0) != 0 || Trace(InterruptThread, thread, 0, 0) != 0)
        {
            _failure = $"ptrace of thread {thread}: errno {Marshal.GetLastPInvokeError()}";
        }
    }

    [LibraryImport("libc", EntryPoint = "waitpid")]
    private static partial int WaitFor(int thread, nint status, int options);

    [LibraryImport("libc", EntryPoint = "ptrace", SetLastError = true)]
    private static partial nint Trace(nint request, int thread, nint address, nint data);
}

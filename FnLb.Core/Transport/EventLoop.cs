using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ObjectPool;

namespace FnLb.Core.Transport;

/// <summary>One thread, one epoll, and everything that lives on them: connections, timers, buffers.</summary>
/// <remarks>
/// Only <see cref="Post"/>, <see cref="Start"/> and <see cref="Stop"/> may be called from other threads.
/// </remarks>
internal sealed unsafe class EventLoop : IDisposable
{
    private const int EventsMax = 256;
    private const int PipesKeptMax = 1024;

    // A turn in which nothing is ready takes about a microsecond: less than a system call that could be spared.
    private const int HoldTurns = 3;
    private const ulong WakeData = ulong.MaxValue;

    private readonly Epoll _epoll = new(EventsMax);
    private readonly Cell<ReadinessHandler>[] _ready = new Cell<ReadinessHandler>[EventsMax];
    private readonly SlotTable<ReadinessHandler> _handlers = new();
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly Queue<ReadinessHandler> _again = new();
    private readonly Queue<SocketChannel> _holdingBack = new();
    private readonly int _wake;
    private readonly Thread _thread;
    private readonly ILogger _logger;
    private int _isWakePending;
    private volatile bool _isStopping;
    private bool _wasWoken;

    /// <param name="stagingBytes">The most that one handler writes before it flushes.</param>
    public EventLoop(int index, int stagingBytes, ILogger logger)
    {
        _logger = logger;
        Staging = new StagingBuffer(stagingBytes);
        Index = index;
        Wake();
        Timers = new TimerWheel(NowMilliseconds);
        Pipes = new LoopPool<Pipe>(new PipePolicy(Memory), PipesKeptMax);
        _wake = LibC.EventFd(0, LibC.EventFdNonBlock | LibC.EventFdCloseOnExec);
        if (_wake < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "eventfd failed");
        }

        _epoll.Add(_wake, Readiness.Readable, WakeData);
        _thread = new Thread(Run, maxStackSize: 512 * 1024) { Name = $"loop {index}", IsBackground = true };
    }

    public int Index { get; }

    public TimerWheel Timers { get; }

    public LoopMemoryPool Memory { get; } = new();

    /// <summary>Pipes for the channels that hold bytes.</summary>
    public ObjectPool<Pipe> Pipes { get; }

    /// <summary>Pipes for large bodies that nobody has to look at.</summary>
    public SplicePipePool SplicePipes { get; } = new();

    /// <summary>The bytes that are about to be sent by the handler that runs now.</summary>
    public StagingBuffer Staging { get; }

    /// <summary>Monotonic milliseconds as of the start of this wake-up; tests set it while the loop does not run.
    /// </summary>
    public long NowMilliseconds { get; internal set; }

    /// <summary>The same time in nanoseconds.</summary>
    public long NowNanoseconds { get; private set; }

    /// <summary>Counts the wake-ups.</summary>
    public long Turn { get; private set; }

    /// <summary>Told how many nanoseconds each wake-up took, on the loop's thread.</summary>
    public Action<long>? TurnEnded { get; set; }

    /// <summary>Monotonic nanoseconds: of the same clock as <see cref="NowNanoseconds"/>, but read now.</summary>
    /// <remarks><see cref="Stopwatch"/> reads the same clock through three more functions.</remarks>
    public static long ReadNanoseconds()
    {
        LibC.TimeSpec now = default;
        _ = LibC.ClockGetTime(LibC.ClockMonotonic, &now);
        return now.Nanoseconds;
    }

    public void Start() => _thread.Start();

    /// <summary>Runs an action on the loop's thread, soon.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        if (Interlocked.Exchange(ref _isWakePending, 1) == 0)
        {
            ulong one = 1;
            _ = LibC.Write(_wake, &one, sizeof(ulong));
        }
    }

    /// <summary>Ends the loop's thread and waits for it. What is registered stays open: close it first.</summary>
    public void Stop()
    {
        _isStopping = true;
        Post(static () => { });
        if (_thread.IsAlive && Environment.CurrentManagedThreadId != _thread.ManagedThreadId)
        {
            _thread.Join();
        }
    }

    /// <returns>False, with errno, when the kernel has no room for another; then it is not registered.</returns>
    public bool TryRegister(ReadinessHandler handler, int descriptor, Readiness interest)
    {
        handler.Slot = _handlers.Add(handler, out ulong data);
        bool isAdded = _epoll.TryAdd(descriptor, interest, data);
        if (!isAdded)
        {
            Forget(handler);
        }

        return isAdded;
    }

    /// <summary>
    /// Forgets a handler whose descriptor is about to be closed, which also takes it out of the epoll set.
    /// </summary>
    public void Forget(ReadinessHandler handler)
    {
        if (handler.Slot >= 0)
        {
            _handlers.Remove(handler.Slot);
            handler.Slot = -1;
        }
    }

    /// <summary>Takes out a descriptor that stays open.</summary>
    public void Unregister(ReadinessHandler handler, int descriptor)
    {
        if (handler.Slot >= 0)
        {
            _epoll.Remove(descriptor);
            Forget(handler);
        }
    }

    /// <summary>
    /// Runs a handler once more, however often it is asked for, after the others that are ready now: one busy
    /// connection starves nobody.
    /// </summary>
    public void RunAgain(ReadinessHandler handler)
    {
        if (!handler.IsQueuedAgain)
        {
            handler.IsQueuedAgain = true;
            _again.Enqueue(handler);
        }
    }

    /// <summary>
    /// Flushes a channel once it has held nothing more back for a few turns. The loop does not sleep before.
    /// </summary>
    public void FlushLater(SocketChannel channel)
    {
        if (!channel.IsListedHoldingBack)
        {
            channel.IsListedHoldingBack = true;
            _holdingBack.Enqueue(channel);
        }
    }

    public void Dispose()
    {
        Stop();
        _epoll.Dispose();
        _ = LibC.Close(_wake);
        SplicePipes.Clear();
        Memory.Dispose();
    }

    private void Run()
    {
        Wake();
        while (!_isStopping)
        {
            long now = ReadNanoseconds();
            TurnEnded?.Invoke(now - NowNanoseconds);
            int timeout = _again.Count > 0 || _holdingBack.Count > 0 ? 0 : Timers.MillisecondsToNext(now / 1_000_000);
            int count = _epoll.Wait(timeout);
            Wake();
            Dispatch(count);
            RunRequeued();
            RunTimers();
            // Who is stopping waits for what was posted before.
            if (_wasWoken || _isStopping)
            {
                _wasWoken = false;
                RunPosted();
            }

            FlushHeldBack();
        }
    }

    private void Wake()
    {
        NowNanoseconds = ReadNanoseconds();
        NowMilliseconds = NowNanoseconds / 1_000_000;
        Turn++;
    }

    private void Dispatch(int count)
    {
        int ready = 0;
        for (int index = 0; index < count; index++)
        {
            Readiness readiness = _epoll.Event(index, out ulong data);
            if (data == WakeData)
            {
                ulong ignored;
                _ = LibC.Read(_wake, &ignored, sizeof(ulong));

                // Visible before the queue is looked at: who posts after that look has to wake the loop again.
                _ = Interlocked.Exchange(ref _isWakePending, 0);
                _wasWoken = true;
                continue;
            }

            if (_handlers.TryGet(data, out ReadinessHandler? handler))
            {
                handler.Mark(readiness);
                _ready[ready++] = new Cell<ReadinessHandler>(handler);
            }
        }

        for (int index = 0; index < ready; index++)
        {
            ReadinessHandler handler = _ready[index].Item;
            _ready[index] = default;
            if (handler.Slot >= 0)
            {
                RunGuarded(handler);
            }
        }
    }

    private void RunRequeued()
    {
        for (int left = _again.Count; left > 0; left--)
        {
            ReadinessHandler handler = _again.Dequeue();
            handler.IsQueuedAgain = false;
            if (handler.Slot >= 0)
            {
                RunGuarded(handler);
            }
        }
    }

    private void FlushHeldBack()
    {
        for (int left = _holdingBack.Count; left > 0; left--)
        {
            SocketChannel channel = _holdingBack.Dequeue();
            if (channel.IsHoldingBack && Turn - channel.HeldBackTurn < HoldTurns)
            {
                _holdingBack.Enqueue(channel);
                continue;
            }

            channel.IsListedHoldingBack = false;
            if (channel.IsHoldingBack)
            {
                channel.Flush();
            }
        }
    }

    private void RunTimers()
    {
        try
        {
            Timers.Advance(NowMilliseconds);
        }
        catch (Exception exception)
        {
            TransportLog.ActionFailed(_logger, Index, exception);
            Staging.Clear();
        }
    }

    private void RunPosted()
    {
        while (_posted.TryDequeue(out Action? action))
        {
            try
            {
                action();
            }
            catch (Exception exception)
            {
                TransportLog.ActionFailed(_logger, Index, exception);
                Staging.Clear();
            }
        }
    }

    // A defect in one connection must not end the thread that serves all the others.
    private void RunGuarded(ReadinessHandler handler)
    {
        try
        {
            handler.Run();
            Debug.Assert(Staging.IsEmpty, "A handler left bytes that nobody will send.");
        }
        catch (Exception exception)
        {
            TransportLog.HandlerFailed(_logger, Index, exception);
            Staging.Clear();
            handler.Abort();
        }
    }
}

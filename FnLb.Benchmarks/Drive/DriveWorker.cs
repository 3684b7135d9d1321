using FnLb.Core.Http1;
using FnLb.Core.Transport;

namespace FnLb.Benchmarks.Drive;

/// <summary>One thread of the load generator: one epoll and a share of the connections and of the rate.</summary>
/// <remarks>
/// Built of the balancer's own parts but for the loop: calls are due at a nanosecond, and the balancer's timers know
/// milliseconds. Nothing is allocated while calls are under way.
/// </remarks>
internal sealed class DriveWorker : IDisposable
{
    private const int EventsMax = 256;
    private const int ComposeBytes = 128 * 1024;
    private const int ReceiveBytes = 128 * 1024;
    private const int HousekeepingMilliseconds = 10;
    private const ulong TimerData = ulong.MaxValue;

    private readonly Epoll _epoll = new(EventsMax);
    private readonly TimerDescriptor _timer = new();
    private readonly DriveConnection[] _connections;

    // In turn: of several URLs each gets its share, and all connections that were asked for are used.
    private readonly Queue<DriveConnection> _free = new();
    private readonly Queue<DriveConnection> _resting = new();
    private readonly byte[] _composed = new byte[ComposeBytes];
    private readonly RouteDraw _routes;
    private readonly Pace? _pace;
    private readonly long _start;
    private readonly long _windowStart;
    private long _end;
    private long _timerSetFor;

    // Written by the thread that stops the run.
    private volatile bool _isStopped;

    /// <param name="number">From 0: each has its own random numbers, and its own place in the pace.</param>
    /// <param name="start">Of the first call, in nanoseconds of the monotonic clock.</param>
    public DriveWorker(DrivePlan plan, DriveStep step, int number, long start, int intervals)
    {
        Plan = plan;
        _start = start;
        _windowStart = start + Nanoseconds(plan.WarmUp);
        _end = _windowStart + Nanoseconds(plan.Duration);
        Tally = new StepTally(_windowStart, _end, intervals);
        _routes = new RouteDraw(plan.Routes, plan.ZipfExponent, plan.RouteSeed(number));
        if (step.Rate is double rate)
        {
            double first = start + (1e9 / rate * number);
            _pace = new Pace(rate / plan.Threads, first, plan.Arrivals, plan.GapSeed(number));
        }

        ResponseHead head = new(new HeadLimits());
        int connections = (step.Connections / plan.Threads) + (number < step.Connections % plan.Threads ? 1 : 0);
        _connections = [.. Enumerable.Range(0, connections).Select(index => new DriveConnection(
            this, plan.Targets[((index * plan.Threads) + number) % plan.Targets.Count], index, head))];
        _epoll.Add(_timer.Descriptor, Readiness.Readable | Readiness.EdgeTriggered, TimerData);
    }

    public DrivePlan Plan { get; }

    public StepTally Tally { get; }

    /// <summary>How late calls were sent although a connection was free: what the generator itself adds.</summary>
    public LatencyCounts Lateness { get; } = new();

    /// <summary>For the handler that runs now.</summary>
    public byte[] ReceiveBuffer { get; } = new byte[ReceiveBytes];

    /// <summary>How long was measured, once it has run: less than was planned where it was stopped.</summary>
    public double MeasuredSeconds => long.Max(_end - _windowStart, 0) / 1e9;

    /// <summary>Has the step end within some milliseconds, whatever is under way. Any thread.</summary>
    public void Stop() => _isStopped = true;

    /// <summary>Runs the step on this thread until its last call has ended or has taken too long.</summary>
    public void Run()
    {
        while (EventLoop.ReadNanoseconds() < _start)
        {
            Thread.Sleep(1);
        }

        foreach (DriveConnection connection in _connections)
        {
            TakeBack(connection, EventLoop.ReadNanoseconds());
        }

        long timeout = Nanoseconds(Plan.Timeout);
        long nextLook = 0;
        bool isCut = false;
        bool goesOn = true;
        while (goesOn)
        {
            long now = SendDue();
            int count = _epoll.Wait(Plan.IsBusy ? 0 : HousekeepingMilliseconds);
            Dispatch(count);
            if (count == 0 && Plan.IsBusy)
            {
                // Who shares the processor goes first.
                _ = Thread.Yield();
            }

            if (now >= nextLook)
            {
                nextLook = now + (HousekeepingMilliseconds * 1_000_000L);
                LookAround(now, timeout);
                isCut = _isStopped;
                goesOn = !isCut
                    && (now < _end || (now < _end + timeout && _connections.Any(connection => connection.IsBusy)));
            }
        }

        Finish(isCut);
    }

    /// <summary>Has events of a new connection come in.</summary>
    public void Watch(int descriptor, ulong data)
    {
        const Readiness interest =
            Readiness.Readable | Readiness.Writable | Readiness.PeerFinished | Readiness.EdgeTriggered;
        _epoll.Add(descriptor, interest, data);
    }

    /// <summary>Writes a batch of requests, for the handler that runs now.</summary>
    /// <param name="isBodyApart">Whether the body is too large to be among the bytes, and has to follow them.</param>
    public ReadOnlySpan<byte> Compose(RequestTemplate request, out bool isBodyApart)
    {
        isBodyApart = request.HeadBytesMax + request.Body.Length > _composed.Length / Plan.Pipelined;
        int length = 0;
        for (int call = 0; call < Plan.Pipelined; call++)
        {
            length += request.WriteHead(_routes.Next(), _composed.AsSpan(length));
            if (!isBodyApart)
            {
                request.Body.CopyTo(_composed, length);
                length += request.Body.Length;
            }
        }

        return _composed.AsSpan(0, length);
    }

    /// <summary>A connection whose calls have ended: the next call, or a place among the free.</summary>
    public void TakeBack(DriveConnection connection, long now)
    {
        if (_pace is null && now < _end)
        {
            connection.Begin(now, now);
        }
        else
        {
            _free.Enqueue(connection);
        }
    }

    /// <summary>A connection that failed: it waits a little, or a closed port would be asked without end.</summary>
    public void Rest(DriveConnection connection) => _resting.Enqueue(connection);

    public void Dispose()
    {
        foreach (DriveConnection connection in _connections)
        {
            connection.Close();
        }

        _timer.Dispose();
        _epoll.Dispose();
    }

    private static long Nanoseconds(TimeSpan time) => (long)(time.TotalMilliseconds * 1e6);

    private void Dispatch(int count)
    {
        for (int index = 0; index < count; index++)
        {
            Readiness readiness = _epoll.Event(index, out ulong data);
            if (data != TimerData)
            {
                DriveConnection connection = _connections[(int)(uint)data];
                if (connection.EventData == data)
                {
                    connection.Handle(readiness, EventLoop.ReadNanoseconds());
                }
            }

            _ = SendDue();
        }
    }

    /// <summary>Open loop: sends what is due as far as connections are free, and sets the timer for the next.</summary>
    /// <returns>The time.</returns>
    private long SendDue()
    {
        long now = EventLoop.ReadNanoseconds();
        if (_pace is null)
        {
            return now;
        }

        while (_free.Count > 0 && _pace.NextNanoseconds < _end)
        {
            long due = _pace.NextNanoseconds;
            if (due > now)
            {
                if (_timerSetFor != due && !Plan.IsBusy)
                {
                    _timerSetFor = due;
                    _timer.Set(due);
                }

                break;
            }

            _pace.Advance();
            DriveConnection connection = _free.Dequeue();
            Lateness.Record(now - long.Max(due, connection.FreeSince));
            connection.Begin(due, now);
        }

        return now;
    }

    private void LookAround(long now, long timeout)
    {
        for (int left = _resting.Count; left > 0; left--)
        {
            TakeBack(_resting.Dequeue(), now);
        }

        foreach (DriveConnection connection in _connections)
        {
            connection.CheckTime(now, timeout);
        }
    }

    private void Finish(bool isCut)
    {
        long now = EventLoop.ReadNanoseconds();
        if (isCut)
        {
            // Nothing can be said about the calls that are under way.
            _end = long.Min(_end, now);
        }
        else
        {
            foreach (DriveConnection connection in _connections)
            {
                connection.GiveUp(now);
            }
        }

        for (; _pace is not null && _pace.NextNanoseconds < _end; _pace.Advance())
        {
            Tally.CountUnsent(_pace.NextNanoseconds);
        }
    }
}

namespace FnLb.Benchmarks.Drive;

/// <summary>What one thread counted in a step. Written by that thread; the progress bar reads the totals.</summary>
internal sealed class StepTally
{
    private const int StatusesMax = 1000;

    private readonly long _windowStart;
    private readonly long _windowEnd;
    private readonly long _intervalNanoseconds;
    private readonly IntervalTally[] _intervals;
    private readonly long[] _statuses = new long[StatusesMax];
    private readonly long[] _errors = new long[Enum.GetValues<CallError>().Length];
    private long _answers;
    private long _failures;

    /// <param name="windowStart">Calls that are due before are the warm-up's, and not counted; nanoseconds.</param>
    /// <param name="intervals">Equal parts of the window that are counted apart.</param>
    public StepTally(long windowStart, long windowEnd, int intervals)
    {
        _windowStart = windowStart;
        _windowEnd = windowEnd;
        _intervalNanoseconds = long.Max((windowEnd - windowStart) / intervals, 1);
        _intervals = [.. Enumerable.Range(0, intervals).Select(_ => new IntervalTally())];
    }

    /// <summary>Answers so far, those of the warm-up included. Any thread.</summary>
    public long Answers => Volatile.Read(ref _answers);

    /// <summary>Failed calls so far, those of the warm-up included. Any thread.</summary>
    public long Failures => Volatile.Read(ref _failures);

    public IReadOnlyList<IntervalTally> Intervals => _intervals;

    public IReadOnlyList<long> Statuses => _statuses;

    public IReadOnlyList<long> Errors => _errors;

    /// <summary>Bytes of answers that came within the window.</summary>
    public long BytesReceived { get; private set; }

    /// <summary>Answers that came behind the window, to calls that were due in it.</summary>
    public long AnswersAfterEnd { get; private set; }

    /// <summary>Calls that were due and never sent, because no connection was free until the end.</summary>
    public long Unsent { get; private set; }

    public void CountBytes(long nowNanoseconds, int bytes)
    {
        if (nowNanoseconds >= _windowStart && nowNanoseconds < _windowEnd)
        {
            BytesReceived += bytes;
        }
    }

    public void CountAnswer(long dueNanoseconds, long nowNanoseconds, int status)
    {
        Volatile.Write(ref _answers, _answers + 1);
        if (IntervalOf(nowNanoseconds) is IntervalTally arrivedIn)
        {
            arrivedIn.Arrivals++;
        }

        if (IntervalOf(dueNanoseconds) is IntervalTally interval)
        {
            interval.Latencies.Record(nowNanoseconds - dueNanoseconds);
            _statuses[status]++;
            AnswersAfterEnd += nowNanoseconds >= _windowEnd ? 1 : 0;
        }
    }

    public void CountError(long dueNanoseconds, long nowNanoseconds, CallError error)
    {
        Volatile.Write(ref _failures, _failures + 1);
        if (IntervalOf(dueNanoseconds) is IntervalTally interval)
        {
            interval.Errors++;
            _errors[(int)error]++;
            if (error == CallError.Timeout)
            {
                // Its caller waited for at least that long: left out, the slowest calls would be the first to go.
                interval.Latencies.Record(nowNanoseconds - dueNanoseconds);
            }
        }
    }

    public void CountUnsent(long dueNanoseconds)
    {
        if (IntervalOf(dueNanoseconds) is not null)
        {
            Unsent++;
        }
    }

    private IntervalTally? IntervalOf(long nanoseconds) =>
        nanoseconds < _windowStart || nanoseconds >= _windowEnd
            ? null
            : _intervals[long.Min((nanoseconds - _windowStart) / _intervalNanoseconds, _intervals.Length - 1)];
}

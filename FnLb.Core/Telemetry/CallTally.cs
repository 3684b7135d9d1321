namespace FnLb.Core.Telemetry;

/// <summary>The calls of one function at one node in the second that runs; on the loop's thread.</summary>
internal sealed class CallTally(FunctionMeter function, NodeMeter node)
{
    private int _calls;
    private int _errors;
    private int _cold;
    private int _spilled;
    private int _waits;
    private long _waitNanoseconds;
    private long _totalNanoseconds;
    private long _atNodeNanoseconds;

    public NodeMeter Node { get; } = node;

    public bool IsEmpty => _calls == 0;

    /// <summary>The last second with a call, as the loop counts them.</summary>
    public long UsedSecond { get; private set; }

    /// <summary>Whether no call came in that second or later.</summary>
    public bool IsUnusedSince(long second) => IsEmpty && UsedSecond < second;

    public void Add(in CallRecord call, long second)
    {
        UsedSecond = second;
        _calls++;
        _errors += call.Status >= 500 ? 1 : 0;
        _cold += call.IsCold ? 1 : 0;
        _spilled += call.IsSpilled ? 1 : 0;
        _totalNanoseconds += call.TotalNanoseconds;
        _atNodeNanoseconds += call.AtNodeNanoseconds;
        if (call.WaitNanoseconds >= 0)
        {
            _waits++;
            _waitNanoseconds += call.WaitNanoseconds;
        }
    }

    /// <summary>What was counted; counting starts over.</summary>
    public StatsRow Take()
    {
        StatsRow row = new(function.Name, Node.Name)
        {
            Route = function.Route,
            Calls = _calls,
            Errors = _errors,
            Cold = _cold,
            Spilled = _spilled,
            Waits = _waits,
            WaitSeconds = _waitNanoseconds / 1e9,
            TotalSeconds = _totalNanoseconds / 1e9,
            AtNodeSeconds = _atNodeNanoseconds / 1e9,
        };
        _calls = _errors = _cold = _spilled = _waits = 0;
        _waitNanoseconds = _totalNanoseconds = _atNodeNanoseconds = 0;
        return row;
    }
}

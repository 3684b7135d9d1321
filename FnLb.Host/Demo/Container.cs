namespace FnLb.Host.Demo;

/// <summary>One slot's worth of a function. Guarded by the lock of its pool.</summary>
internal sealed class Container(SampleFunction function)
{
    public SampleFunction Function => function;

    /// <summary>Set until the container took its first call: a call that gets it paid for the start.</summary>
    public bool IsFresh { get; set; } = true;

    /// <summary>How often it became idle; tells a timer whether the idle time it was set for still lasts.</summary>
    public int IdleTimes { get; set; }

    /// <summary>Ends the start, or the idle time; held here so that it is not collected while it runs.</summary>
    public ITimer? Timer { get; set; }
}

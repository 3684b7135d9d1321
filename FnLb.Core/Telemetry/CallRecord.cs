namespace FnLb.Core.Telemetry;

/// <summary>What is kept of a call that was answered.</summary>
public readonly record struct CallRecord
{
    /// <summary>Null for a call that belongs to no function.</summary>
    public required FunctionMeter? Function { get; init; }

    /// <summary>Null when no node answered: the answer is the balancer's own.</summary>
    public required NodeMeter? Node { get; init; }

    public required int Status { get; init; }

    /// <summary>From the request's arrival to the end of its answer.</summary>
    public required long TotalNanoseconds { get; init; }

    /// <summary>The part of it that the node had which answered; 0 when none did.</summary>
    public required long AtNodeNanoseconds { get; init; }

    /// <summary>The part of it that no node had, those that failed included.</summary>
    public required long AddedNanoseconds { get; init; }

    /// <summary>How long the call waited at the node; -1 when that does not say.</summary>
    public required long WaitNanoseconds { get; init; }

    /// <summary>The wait was that for a container to start.</summary>
    public required bool IsCold { get; init; }

    /// <summary>Placed elsewhere than at home or where the function is warm.</summary>
    public required bool IsSpilled { get; init; }
}

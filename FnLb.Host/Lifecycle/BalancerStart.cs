namespace FnLb.Host.Lifecycle;

/// <summary>What a balancer finds when it starts, beside its options.</summary>
internal sealed record BalancerStart
{
    /// <summary>A successor waits so long for the first checks of its nodes before it serves.</summary>
    public static readonly TimeSpan ChecksMax = TimeSpan.FromSeconds(10);

    /// <summary>The first clients of any other process wait so long for that, less when all nodes answer.</summary>
    public static readonly TimeSpan HeldBackMax = TimeSpan.FromSeconds(1);

    /// <summary>Ends the waiting for a store that is not there, and for a predecessor.</summary>
    public CancellationToken Stop { get; init; }

    public InheritedSockets Inherited { get; init; } = new();

    /// <summary>What was learned before; null for nothing.</summary>
    public ServiceState? State { get; init; }

    /// <summary>The process that serves on the same sockets until this one does; null for none.</summary>
    public Predecessor? Predecessor { get; init; }

    public bool IsSuccessor => Predecessor is not null;
}

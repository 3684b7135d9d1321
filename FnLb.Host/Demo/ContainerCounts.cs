namespace FnLb.Host.Demo;

/// <summary>What happened at a sample node since it started, and what it holds now.</summary>
internal readonly record struct ContainerCounts
{
    public long Warm { get; init; }

    public long Cold { get; init; }

    public long Queued { get; init; }

    public long Busy { get; init; }

    /// <summary>Containers started.</summary>
    public long Launches { get; init; }

    /// <summary>Idle containers that had to make room for another function.</summary>
    public long Evictions { get; init; }

    /// <summary>Containers on the node now.</summary>
    public int Containers { get; init; }

    /// <summary>Calls that wait now.</summary>
    public int Waiting { get; init; }

    /// <summary>Calls that got a container.</summary>
    public long Calls => Warm + Cold + Queued;
}

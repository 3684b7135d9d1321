namespace FnLb.Host.Demo;

/// <summary>What one sample node can do; the defaults are a small Fn server.</summary>
internal sealed record SampleNodeOptions
{
    public required IReadOnlyList<SampleFunction> Functions { get; init; }

    /// <summary>Port on loopback; 0 for any free one.</summary>
    public int Port { get; init; }

    /// <summary>Containers that may start or run a call at once.</summary>
    public int Slots { get; init; } = 8;

    /// <summary>Containers that fit on the node for each slot, idle ones with them; 1 or more.</summary>
    public int ContainersPerSlot { get; init; } = 1;

    /// <summary>Calls that may wait for a container; one more is told that the node is busy.</summary>
    public int QueueMax { get; init; } = 100;

    /// <summary>How long a call waits for a container before it is told that the node is busy.</summary>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether answers carry the wait of the call, as those of older Fn servers do.</summary>
    public bool SendsWait { get; init; } = true;

    /// <summary>The answer to <c>/version</c>.</summary>
    public string Version { get; init; } = "0.3.750";

    /// <summary>How far a start or a run strays from its mean at most, as a share of it; 0 to 1.</summary>
    public double Jitter { get; init; } = 0.2;

    /// <summary>The same seed gives the same times.</summary>
    public int Seed { get; init; } = 1;
}

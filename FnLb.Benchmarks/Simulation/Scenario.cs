namespace FnLb.Benchmarks.Simulation;

/// <summary>A cluster and what it is asked to do.</summary>
internal sealed record Scenario(string Name)
{
    public int Nodes { get; init; } = 8;

    /// <summary>Containers that may run or start at once on each node; repeated when there are more nodes.</summary>
    public IReadOnlyList<int> Slots { get; init; } = [8];

    public int Functions { get; init; } = 40;

    /// <summary>Share of the slots that run a call on average; cold starts and flash crowds not counted.</summary>
    public double Used { get; init; } = 0.4;

    public Workload Workload { get; init; } = Workload.Common;

    /// <summary>Load balancers in front of the same nodes, each with its part of the calls, that do not talk.</summary>
    public int Balancers { get; init; } = 1;

    public double Seconds { get; init; } = 150;

    /// <summary>
    /// For so long calls get more at the start, until there are as many as there should be. Without it all functions
    /// are cold at full load: what follows is a test of its own.
    /// </summary>
    public double RampSeconds { get; init; } = 20;

    /// <summary>Not measured, at the start.</summary>
    public double WarmUpSeconds { get; init; } = 50;

    /// <summary>Times a second that some function gets 20 calls within 50 ms.</summary>
    public double BurstsPerSecond { get; init; }

    /// <summary>In their order; before the first, calls are as many as <see cref="Used"/> says.</summary>
    public IReadOnlyList<LoadChange> LoadChanges { get; init; } = [];

    public IReadOnlyList<FlashCrowd> FlashCrowds { get; init; } = [];

    public IReadOnlyList<Disturbance> Disturbances { get; init; } = [];

    /// <summary>
    /// Of the calls that are sent over HTTP, those that are POSTs, 0 to 1; the others are GETs, which a load balancer
    /// sends again when their node dies.
    /// </summary>
    public double PostShare { get; init; }

    /// <summary>Whether nodes say how long calls waited.</summary>
    public bool SendsWait { get; init; } = true;

    /// <summary>Calls that may wait at a node; one more is told that it is busy.</summary>
    public int QueueMax { get; init; } = 100;

    /// <summary>How long a call waits at a node before it is told that the node is busy.</summary>
    public double QueueTimeoutSeconds { get; init; } = 15;

    /// <summary>Of the nodes, the last so many join only when a disturbance says so.</summary>
    public int Joining { get; init; }

    public int SlotsTotal => Enumerable.Range(0, Nodes).Sum(SlotsOf);

    public int SlotsOf(int node) => Slots[node % Slots.Count];

    /// <summary>How many times the calls that <see cref="Used"/> stands for arrive.</summary>
    public double LoadAt(double seconds)
    {
        double factor = 1;
        foreach (LoadChange change in LoadChanges)
        {
            factor = change.AtSeconds <= seconds ? change.Factor : factor;
        }

        return factor;
    }

    /// <summary>The same in less time; what happens in it moves along.</summary>
    public Scenario Shortened(double seconds, double warmUpSeconds)
    {
        double share = (seconds - warmUpSeconds) / (Seconds - WarmUpSeconds);
        return this with
        {
            Seconds = seconds,
            WarmUpSeconds = warmUpSeconds,
            RampSeconds = double.Min(RampSeconds, warmUpSeconds / 2),
            LoadChanges = [.. LoadChanges.Select(change => change with { AtSeconds = Moved(change.AtSeconds) })],
            Disturbances = [.. Disturbances.Select(item => item with { AtSeconds = Moved(item.AtSeconds) })],
            FlashCrowds = [.. FlashCrowds.Select(crowd => crowd with
            {
                FromSeconds = Moved(crowd.FromSeconds),
                ToSeconds = Moved(crowd.ToSeconds),
            })],
        };

        double Moved(double at) => at < WarmUpSeconds
            ? at * warmUpSeconds / WarmUpSeconds
            : warmUpSeconds + ((at - WarmUpSeconds) * share);
    }
}

namespace FnLb.Core.Routing;

/// <summary>The constants of the policy; docs/routing.md says what was measured. They lie on a plateau.</summary>
internal sealed record WarmRankTuning
{
    public static readonly WarmRankTuning Default = new();

    /// <summary>A shorter wait is none: the container was warm.</summary>
    public double WaitMillisecondsMin { get; init; } = 10;

    /// <summary>As a share of the function's cold start: a shorter wait is none.</summary>
    public double WaitShareMin { get; init; } = 0.05;

    /// <summary>
    /// A peak of calls in flight is taken for warm containers until the end of the next window. Containers live longer
    /// where there is room, but where there is not they are evicted, and a call sent to a container that is gone pays.
    /// </summary>
    public int WindowMilliseconds { get; init; } = 6_000;

    /// <summary>
    /// Up to this share of its limit a node is as good as idle: rank decides, and it may start another container.
    /// </summary>
    public double Comfort { get; init; } = 0.5;

    /// <summary>A call queues where it is warm if that is expected to take less than this share of a start.</summary>
    public double QueueShare { get; init; } = 0.5;

    /// <summary>Limit of a node nothing is known of, in calls at once. It rises within a few calls.</summary>
    public double LimitStart { get; init; } = 8;

    public double LimitMin { get; init; } = 4;

    public double LimitMax { get; init; } = 4096;

    /// <summary>While more of the warm calls than this find their container gone, functions do not spread.</summary>
    public double EvictedShareMax { get; init; } = 0.04;

    /// <summary>How fast the share of evicted containers follows the calls.</summary>
    public double EvictedStep { get; init; } = 0.002;

    /// <summary>How fast a node's share of delayed calls follows the calls.</summary>
    public double MissStep { get; init; } = 0.02;

    /// <summary>Beyond this share of delayed calls a node's limit decreases.</summary>
    public double MissMax { get; init; } = 0.05;

    /// <summary>The limit of a node decreases no faster than that.</summary>
    public int DecreaseMillisecondsMin { get; init; } = 200;

    /// <summary>A node that starts nothing is passed over for so long at first, twice as long each time.</summary>
    public int PenaltyMillisecondsMin { get; init; } = 100;

    public int PenaltyMillisecondsMax { get; init; } = 5_000;

    /// <summary>
    /// A node that was too full for a call is not asked for so long to take one that was refused elsewhere, unless it
    /// is warm for it.
    /// </summary>
    public int FullMilliseconds { get; init; } = 1_000;

    /// <summary>The cluster counts as full while the mean of calls a node is above the mean limit times this.</summary>
    public double FullShare { get; init; } = 1.1;

    /// <summary>A warm node of a cluster that has room takes calls up to the mean plus its root times this.</summary>
    public double SaturatedSpread { get; init; } = 2;

    /// <summary>Stands for a cold start that is not known yet.</summary>
    public double ColdMillisecondsUnknown { get; init; } = 1_000;

    /// <summary>What is known, or assumed, of how long a container of the function takes to start.</summary>
    public double ColdOf(FunctionLoad? function) =>
        function is { ColdMilliseconds: > 0 } ? function.ColdMilliseconds : ColdMillisecondsUnknown;
}

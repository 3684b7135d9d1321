using System.Globalization;
using FnLb.Core.Nodes;

namespace FnLb.Core.Routing;

/// <summary>
/// One call's node and why; counted in flight from <see cref="Router.Place"/> until <see cref="Router.Release"/>.
/// </summary>
/// <param name="Node">Null when <paramref name="Reason"/> is None.</param>
public readonly record struct Placement(Node? Node, PlacementReason Reason)
{
    /// <summary>The function's rank of the node, 0 for its home; -1 when it was not needed to decide.</summary>
    public int Rank { get; init; }

    /// <summary>Calls of the function at the node, with this one; 0 when they are not counted.</summary>
    public int FunctionCalls { get; init; }

    /// <summary>Calls of this load balancer at the node, with this one.</summary>
    public int NodeCalls { get; init; }

    /// <summary>Containers of the function that were taken to be warm at the node.</summary>
    public int WarmContainers { get; init; }

    /// <summary>The node had fewer calls in flight than this.</summary>
    public double Cap { get; init; }

    internal RouteKey Route { get; init; }

    internal NodeLoad? Load { get; init; }

    /// <summary>Null when no estimates are kept for the function.</summary>
    internal FunctionLoad? Function { get; init; }

    /// <summary>Of the slot the call entered.</summary>
    internal int Epoch { get; init; }

    internal PlacementStep Step { get; init; }

    internal long SentMilliseconds { get; init; }

    /// <summary>Sent to a container that was taken to be warm and idle.</summary>
    internal bool IsWarm => Step == PlacementStep.Warm && Function is not null;

    /// <summary>Placed elsewhere than at home or where the function is warm, because of load or a fault.</summary>
    public bool IsSpilled => Reason is PlacementReason.Grown or PlacementReason.Saturated or PlacementReason.Bounded
        or PlacementReason.AllOut or PlacementReason.Retried;

    /// <summary>
    /// Whether the call waited at its node for as long as a container of its function takes to start: for at least half
    /// of what was learned, this call included.
    /// </summary>
    /// <remarks>A long queue looks the same from here.</remarks>
    public bool IsColdStart(long waitNanoseconds) =>
        Function is { ColdMilliseconds: > 0 } function && waitNanoseconds >= function.ColdMilliseconds * 0.5e6;

    /// <summary>The reason and the numbers that decided, in words; for logs and people, not for every call.</summary>
    public string Explain()
    {
        string why = Reason switch
        {
            PlacementReason.None => "no node can take the call",
            PlacementReason.Home => "home, first in rank order",
            PlacementReason.NextInRank => "every node that ranks before is out of rotation",
            PlacementReason.Warm => "a warm container is idle",
            PlacementReason.Queued => "all warm containers are taken, one should be free before another could start",
            PlacementReason.Grown => "all warm containers are taken, the node has room to start one",
            PlacementReason.Saturated => "no warm node has room, this one is not above the others",
            PlacementReason.Bounded => "first in rank order that is not above the others",
            PlacementReason.AllOut => "every node has more than its part or was passed over for failing",
            PlacementReason.Retried => "another node did not start the call",
            PlacementReason.Pinned => "a call of the admin API",
            _ => Reason.ToString(),
        };
        return Node is null ? why : string.Create(
            CultureInfo.InvariantCulture,
            $"{why}: rank {Rank}, {Several(FunctionCalls, "call")} for {Several(WarmContainers, "warm container")}, "
                + $"{NodeCalls} at the node (below {Cap:0.#} before)");
    }

    private static string Several(int number, string thing) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {thing}{(number == 1 ? "" : "s")}");
}

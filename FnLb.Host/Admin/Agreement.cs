namespace FnLb.Host.Admin;

/// <summary>Part of the answer to <c>GET /1/lb/cluster</c>: what balancers know of each other.</summary>
internal sealed record Agreement
{
    /// <summary>The balancer that answers.</summary>
    public required string Name { get; init; }

    /// <summary>Digest of its nodes, their weights and administrative states.</summary>
    public required string Ring { get; init; }

    /// <summary>Digest of which of them are online to it.</summary>
    public required string Health { get; init; }

    /// <summary>Whether all balancers that are alive have its ring; null while the store does not tell.</summary>
    public required bool? RingAgrees { get; init; }

    /// <summary>Whether they all have its view of health; null as well.</summary>
    public required bool? HealthAgrees { get; init; }

    /// <summary>Why others are missing, or are as they were known last; null when they are not.</summary>
    public required string? StoreFailure { get; init; }

    /// <summary>By name; those of a store that keeps none are unknown, the one that answers never is.</summary>
    public required SortedDictionary<string, BalancerDetail> Balancers { get; init; }
}

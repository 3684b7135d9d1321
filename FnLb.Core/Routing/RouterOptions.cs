namespace FnLb.Core.Routing;

/// <summary>What an operator may choose about routing.</summary>
public sealed record RouterOptions
{
    /// <summary>What of a request names its function.</summary>
    public RouteKeyRule KeyRule { get; init; } = RouteKeyRule.Path;

    /// <summary>
    /// Functions for which estimates are kept, at most 400 bytes each and taken as they are called; rounded up to a
    /// power of two. More are routed all the same, by rank and load.
    /// </summary>
    public int FunctionsMax { get; init; } = 65_536;
}

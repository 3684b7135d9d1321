using FnLb.Core.Nodes;

namespace FnLb.Core.Routing;

/// <summary>A function that calls would be moved of if a node went.</summary>
/// <param name="TrafficShare">Of all recent calls, those that would move; 0 to 1.</param>
/// <param name="ColdStarts">Containers that would have to be started elsewhere.</param>
/// <param name="Next">Where its home would be; null when no other node takes calls.</param>
public sealed record MovedRoute(RouteKey Route, double TrafficShare, int ColdStarts, Node? Next);

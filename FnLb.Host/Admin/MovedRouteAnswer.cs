namespace FnLb.Host.Admin;

/// <summary>A function whose calls would move.</summary>
/// <param name="Route">As <c>GET /1/lb/route</c> tells it for the function's path.</param>
/// <param name="Function">What names it, mostly its path; null when the last minute's calls do not tell.</param>
/// <param name="TrafficShare">Of all recent calls; 0 to 1.</param>
/// <param name="ColdStarts">Containers that would have to be started elsewhere.</param>
/// <param name="Next">The node that would be its home; null when there is none.</param>
internal sealed record MovedRouteAnswer(
    string Route, string? Function, double TrafficShare, int ColdStarts, string? Next);

namespace FnLb.Core.Routing;

/// <summary>What was learned of a node, by its address.</summary>
/// <param name="Limit">Calls at once up to which it starts them without delay.</param>
/// <param name="LimitBefore">The limit before the last decrease.</param>
/// <param name="IsLimitKnown">Whether it ever made calls wait; else it may take more than the limit.</param>
/// <param name="Miss">Recent share of calls that queued, 0 to 1.</param>
/// <param name="SendsWait">Whether its answers say how long calls waited.</param>
public sealed record NodeMemory(
    string Address, double Limit, double LimitBefore, bool IsLimitKnown, double Miss, bool SendsWait);

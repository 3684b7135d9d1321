namespace FnLb.Host.Admin;

/// <summary>A balancer as it registered itself in the store.</summary>
/// <param name="HeartbeatAge">Seconds since it did so last.</param>
internal sealed record BalancerDetail(string Address, string Ring, string Health, double HeartbeatAge, bool IsAlive);

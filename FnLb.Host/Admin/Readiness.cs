using FnLb.Core.Health;
using FnLb.Core.Nodes;
using FnLb.Host.Stores;

namespace FnLb.Host.Admin;

/// <summary>Whether a balancer in front of this one, or an orchestrator, should send calls here.</summary>
internal sealed class Readiness(NodeDirectory directory, HealthMonitor health, Membership membership)
{
    private volatile bool _isDraining;

    /// <summary>From now on calls should go elsewhere. Any thread.</summary>
    public void BeginDrain() => _isDraining = true;

    /// <returns>Null when ready, else the reason. With all nodes down it is ready: nobody else has more.</returns>
    public string? WhyNot()
    {
        if (_isDraining)
        {
            return "draining";
        }

        bool canServe = health.FirstRound.IsCompleted || directory.Nodes.Any(node => node.IsPlaceable);
        return canServe ? null : "the first health checks have not ended yet";
    }

    /// <summary>What is answered when it is ready: a store that is away is no reason to send calls elsewhere.</summary>
    public ReadinessAnswer Ready() => new(
        "ready", Math.Round(membership.ListAge.TotalSeconds, 1), membership.Failure);
}

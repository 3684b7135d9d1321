using FnLb.Core.Routing;

namespace FnLb.Host.Telemetry;

/// <summary>What the nodes that take calls are good for together, as far as was learned.</summary>
/// <param name="Nodes">That take calls.</param>
/// <param name="Calls">At once that they start without delay.</param>
/// <param name="IsKnown">Nodes were so full once that calls waited, so that this is no lower bound.</param>
internal readonly record struct LearnedCapacity(int Nodes, double Calls, bool IsKnown)
{
    public static LearnedCapacity Of(ClusterSurvey survey)
    {
        NodeSurvey[] active = [.. survey.Nodes.Where(node => node.Node.IsPlaceable)];

        // What is not known is taken to be as what is: a node that has just come is not smaller for it.
        double[] known = [.. active.Where(node => node.IsLimitKnown).Select(node => node.Limit)];
        double perNode = known.Length > 0 ? known.Average()
            : active.Length > 0 ? active.Average(node => node.Limit)
            : 0;
        return new LearnedCapacity(active.Length, active.Length * perNode, known.Length > 0);
    }
}

namespace FnLb.Core.Routing;

/// <summary>Calls in flight up to which a node may take one more, relative to the load of all.</summary>
/// <param name="Mean">Calls in flight on a node if all had the same, with the one that is to be placed.</param>
/// <param name="Soft">One standard deviation above the mean, if calls came at random.</param>
/// <param name="Hard">Two.</param>
internal readonly record struct PlacementCaps(double Mean, double Soft, double Hard)
{
    /// <summary>For nodes that are warm, when all are full.</summary>
    public double Far => double.Max(Hard, 3 * Mean);

    public static PlacementCaps For(double mean)
    {
        double deviation = Math.Sqrt(mean);
        return new PlacementCaps(mean, mean + deviation, mean + (2 * deviation));
    }
}

namespace FnLb.Core.Routing;

/// <summary>Calls in flight up to which a node may take one more, relative to the load of all.</summary>
/// <param name="Mean">Calls in flight on a node if all had the same, with the one that is to be placed.</param>
/// <param name="Soft">
/// Twice the mean, or one standard deviation above it if calls came at random: whichever is more.
/// </param>
/// <param name="Hard">Two standard deviations above the mean.</param>
internal readonly record struct PlacementCaps(double Mean, double Soft, double Hard)
{
    // Below twice the mean the most popular functions are scattered while the cluster is full, and every node starts
    // containers of all functions: it does not get out of that by itself.
    private const double SoftFactor = 2;

    /// <summary>For nodes that are warm, when all are full.</summary>
    public double Far => double.Max(Hard, 3 * Mean);

    public static PlacementCaps For(double mean)
    {
        double deviation = Math.Sqrt(mean);
        return new PlacementCaps(mean, double.Max(mean + deviation, SoftFactor * mean), mean + (2 * deviation));
    }
}

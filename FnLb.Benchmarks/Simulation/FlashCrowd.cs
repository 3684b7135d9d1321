namespace FnLb.Benchmarks.Simulation;

/// <summary>A function that was hardly called gets many calls for a while.</summary>
/// <param name="Function">By popularity, 0 for the most popular.</param>
/// <param name="Share">Of the cluster's slots that its calls keep busy.</param>
internal readonly record struct FlashCrowd(double FromSeconds, double ToSeconds, int Function, double Share);

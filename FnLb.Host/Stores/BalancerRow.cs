namespace FnLb.Host.Stores;

/// <summary>A balancer as it registered itself.</summary>
/// <param name="Name">What it is called; no two have one name.</param>
/// <param name="Address">Where its calls come in.</param>
/// <param name="Ring">Digest of its nodes.</param>
/// <param name="Health">Digest of its view of their health.</param>
/// <param name="Age">Since it last said so, by the clock of the database.</param>
internal sealed record BalancerRow(string Name, string Address, string Ring, string Health, TimeSpan Age)
{
    /// <summary>How often each says that it is there, at the least.</summary>
    public static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(10);

    /// <summary>Whether it still runs, as far as one can know.</summary>
    public bool IsAlive => Age < 3 * BeatInterval;
}

namespace FnLb.Host.Admin;

/// <summary>The verbose list: that of the original with an object for each node, and what concerns all.</summary>
/// <param name="Panic">So many nodes are out that those whose checks pass are used in spite of failing calls.</param>
internal sealed record NodeDetailsAnswer(SortedDictionary<string, NodeDetail> Nodes, bool Panic);

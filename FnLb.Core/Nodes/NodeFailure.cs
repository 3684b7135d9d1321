namespace FnLb.Core.Nodes;

/// <summary>The last thing that went wrong with a node, for the operator to read.</summary>
/// <param name="Reason">A sentence without the node's name and without a full stop.</param>
/// <param name="At">When it was noticed.</param>
public sealed record NodeFailure(string Reason, DateTimeOffset At);

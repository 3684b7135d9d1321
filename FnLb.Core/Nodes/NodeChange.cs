namespace FnLb.Core.Nodes;

/// <summary>What an operator wants changed about a node; null leaves it as it is.</summary>
public sealed record NodeChange
{
    public AdministrativeState? State { get; init; }

    /// <summary>Above 0.</summary>
    public double? Weight { get; init; }

    /// <summary>Empty takes it away.</summary>
    public string? Note { get; init; }

    public bool IsEmpty => State is null && Weight is null && Note is null;

    public NodeEntry AppliedTo(NodeEntry entry) => entry with
    {
        State = State ?? entry.State,
        Weight = Weight ?? entry.Weight,
        Note = Note ?? entry.Note,
    };
}

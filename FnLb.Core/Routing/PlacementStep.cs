namespace FnLb.Core.Routing;

/// <summary>The steps of a decision; each is tried when the one before found no node.</summary>
internal enum PlacementStep : byte
{
    /// <summary>An idle warm container.</summary>
    Warm,

    /// <summary>A warm container that should be free sooner than another could start.</summary>
    Queue,

    /// <summary>Another container on a node that is warm, or on the next in rank order.</summary>
    Grow,

    /// <summary>A node that is warm, as far as others have as much to do.</summary>
    Saturated,

    /// <summary>Any node, as far as others have as much to do.</summary>
    Bounded,

    /// <summary>Any node.</summary>
    AllOut,
}

namespace FnLb.Benchmarks.Simulation;

/// <summary>What goes wrong, or changes, during a run.</summary>
internal enum DisturbanceKind
{
    /// <summary>A node vanishes: calls on it are lost, connections are refused.</summary>
    Kill,

    /// <summary>A killed node is back, empty.</summary>
    Revive,

    /// <summary>A node takes four times as long for everything.</summary>
    Slow,

    /// <summary>The slow node is as quick as before.</summary>
    Recover,

    /// <summary>A node answers that it is busy to everything.</summary>
    Refuse,

    /// <summary>It takes calls again.</summary>
    Accept,

    /// <summary>A node takes no new calls, as an operator asked.</summary>
    Drain,

    /// <summary>It takes new calls again, empty as after an upgrade.</summary>
    Activate,

    /// <summary>A node that was not there before is added.</summary>
    Join,
}

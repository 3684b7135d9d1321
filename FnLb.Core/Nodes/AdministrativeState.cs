namespace FnLb.Core.Nodes;

/// <summary>What the operator wants of a node; no check changes it.</summary>
public enum AdministrativeState : byte
{
    /// <summary>Takes calls while it is online.</summary>
    Active,

    /// <summary>Takes no new calls; those in flight end.</summary>
    Draining,
}

namespace FnLb.Core.Nodes;

/// <summary>What the checks and the traffic say about a node; nobody sets it by hand.</summary>
public enum OperationalState : byte
{
    /// <summary>Added, not checked yet: takes no calls.</summary>
    Unknown,

    /// <summary>Its last checks passed.</summary>
    Online,

    /// <summary>Its checks fail, or it refused a connection.</summary>
    Offline,

    /// <summary>Taken out for a while because live traffic failed on it, although its checks pass.</summary>
    Ejected,
}

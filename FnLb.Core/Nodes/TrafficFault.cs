namespace FnLb.Core.Nodes;

/// <summary>What a call may find wrong with its node.</summary>
public enum TrafficFault : byte
{
    /// <summary>The connection was refused, or not made in time.</summary>
    ConnectFailed,

    /// <summary>The connection ended before one byte of an answer.</summary>
    ConnectionLost,

    /// <summary>The answer was a 5xx, other than that the node is busy.</summary>
    ServerError,
}

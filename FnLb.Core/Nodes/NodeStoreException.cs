namespace FnLb.Core.Nodes;

/// <summary>A store could not be read or written. Operators and clients see the message: no secrets in it.</summary>
public sealed class NodeStoreException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The store never takes such a change: to try again is in vain.</summary>
    public bool IsRefusal { get; init; }
}

namespace FnLb.Core.Nodes;

/// <summary>A store could not be read or written. Operators and clients see the message: no secrets in it.</summary>
public sealed class NodeStoreException(string message, Exception? inner = null) : Exception(message, inner);

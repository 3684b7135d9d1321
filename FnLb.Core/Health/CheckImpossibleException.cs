namespace FnLb.Core.Health;

/// <summary>A check could not be made for want of something on this machine: it says nothing about the node.</summary>
internal sealed class CheckImpossibleException(string message, Exception inner) : Exception(message, inner);

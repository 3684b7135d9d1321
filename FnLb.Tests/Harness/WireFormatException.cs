namespace FnLb.Tests.Harness;

/// <summary>A message on the wire that is invalid or that two readers could understand differently.</summary>
internal sealed class WireFormatException(string message) : Exception(message);

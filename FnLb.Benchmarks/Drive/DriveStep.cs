namespace FnLb.Benchmarks.Drive;

/// <summary>One stretch of load.</summary>
/// <param name="Connections">Calls that may be under way at once, but for pipelining.</param>
/// <param name="Rate">Calls a second in an open loop; null for a closed one, in which each follows the last.</param>
internal sealed record DriveStep(int Connections, double? Rate);

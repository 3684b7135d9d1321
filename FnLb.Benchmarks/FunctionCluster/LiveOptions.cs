namespace FnLb.Benchmarks.FunctionCluster;

/// <summary>What a run over real HTTP needs of the machine.</summary>
/// <param name="FnlbPath">The executable; null to look for it.</param>
/// <param name="FirstPort">The first of the ports the load balancers listen on, two for each.</param>
internal sealed record LiveOptions(string? FnlbPath, int FirstPort);

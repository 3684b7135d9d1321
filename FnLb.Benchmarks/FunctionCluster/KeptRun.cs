namespace FnLb.Benchmarks.FunctionCluster;

/// <summary>A line of the file that <see cref="KeptRuns"/> keeps.</summary>
internal sealed record KeptRun(string Name, Simulation.RunSummary Run);

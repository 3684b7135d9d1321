namespace FnLb.Benchmarks.Simulation;

/// <summary>A function of the simulated cluster.</summary>
/// <param name="Weight">Share of the calls, relative to the other functions.</param>
/// <param name="RunMicroseconds">Mean time a call runs.</param>
/// <param name="ColdMicroseconds">Mean time a container takes to start.</param>
internal sealed record SimulatedFunction(
    int Index, string Path, double Weight, double RunMicroseconds, double ColdMicroseconds);

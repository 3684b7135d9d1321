namespace FnLb.Benchmarks.Simulation;

/// <summary>One thing that happens to a node at a time.</summary>
internal readonly record struct Disturbance(double AtSeconds, DisturbanceKind Kind, int Node);

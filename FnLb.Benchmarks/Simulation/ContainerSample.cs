namespace FnLb.Benchmarks.Simulation;

/// <summary>Where one function had containers at a time.</summary>
internal readonly record struct ContainerSample(double AtSeconds, int Function, int Nodes);

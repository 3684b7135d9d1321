namespace FnLb.Benchmarks.Simulation;

/// <summary>From a time on so many times the calls arrive that the scenario says.</summary>
internal readonly record struct LoadChange(double AtSeconds, double Factor);

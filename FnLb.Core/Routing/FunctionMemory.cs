namespace FnLb.Core.Routing;

/// <summary>What was learned of a function.</summary>
/// <param name="Route">Hash of its route key.</param>
/// <param name="ColdMilliseconds">Time a container takes to start; 0 when unknown.</param>
/// <param name="RunMilliseconds">Time a call runs in its container; 0 when unknown.</param>
/// <param name="Warm">Its nodes with warm containers or recent calls.</param>
public sealed record FunctionMemory(
    ulong Route, float ColdMilliseconds, float RunMilliseconds, IReadOnlyList<WarmMemory> Warm);

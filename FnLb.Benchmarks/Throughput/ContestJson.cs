using System.Text.Json.Serialization;

namespace FnLb.Benchmarks.Throughput;

/// <summary>How a contest is written as JSON: without reflection, which native code lacks.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ContestReport))]
internal sealed partial class ContestJson : JsonSerializerContext;

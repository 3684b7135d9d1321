using System.Text.Json.Serialization;

namespace FnLb.Benchmarks.FunctionCluster;

/// <summary>Kept runs as JSON, without reflection.</summary>
[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(KeptRun))]
internal sealed partial class KeptRunJson : JsonSerializerContext;

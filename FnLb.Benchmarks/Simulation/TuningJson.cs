using System.Text.Json;
using System.Text.Json.Serialization;
using FnLb.Core.Routing;

namespace FnLb.Benchmarks.Simulation;

/// <summary>How <c>--tuning</c> is read: without reflection, which native code lacks.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict)]
[JsonSerializable(typeof(WarmRankTuning))]
internal sealed partial class TuningJson : JsonSerializerContext;

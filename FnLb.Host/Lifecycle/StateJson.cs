using System.Text.Json.Serialization;

namespace FnLb.Host.Lifecycle;

/// <summary>The state as JSON, for the file and for the successor.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ServiceState))]
internal sealed partial class StateJson : JsonSerializerContext;

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FnLb.Host.Telemetry;

/// <summary>The bodies of what the admin API tells about traffic.</summary>
[JsonSerializable(typeof(StatsAnswer))]
[JsonSerializable(typeof(ClusterAnswer))]
[JsonSerializable(typeof(ScaleAdvice))]
[JsonSerializable(typeof(LiveSnapshot))]
[JsonSerializable(typeof(IReadOnlyList<HistoryRow>))]
[JsonSerializable(typeof(BusiestHistory))]
internal sealed partial class TelemetryJson : JsonSerializerContext
{
    public static TelemetryJson Bodies { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

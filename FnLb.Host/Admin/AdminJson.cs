using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FnLb.Host.Admin;

/// <summary>The bodies that the admin API answers.</summary>
[JsonSerializable(typeof(MessageAnswer))]
[JsonSerializable(typeof(NodesAnswer))]
[JsonSerializable(typeof(ReadinessAnswer))]
[JsonSerializable(typeof(NodeDetailsAnswer))]
[JsonSerializable(typeof(RouteAnswer))]
[JsonSerializable(typeof(RemovalAnswer))]
internal sealed partial class AdminJson : JsonSerializerContext
{
    public static AdminJson Bodies { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,

        // Quotes stay readable: an answer is a JSON document, never part of a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FnLb.Host.Admin;

/// <summary>The bodies of the admin API. Names are matched in any case of letters, as Go does.</summary>
[JsonSerializable(typeof(NodeRequest))]
[JsonSerializable(typeof(MessageAnswer))]
[JsonSerializable(typeof(NodesAnswer))]
internal sealed partial class AdminJson : JsonSerializerContext
{
    public static AdminJson Bodies { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        PropertyNameCaseInsensitive = true,

        // Quotes stay readable: an answer is a JSON document, never part of a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

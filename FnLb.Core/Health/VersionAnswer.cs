using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace FnLb.Core.Health;

/// <summary>What a node answers to a check: <c>{"version":"0.3.268"}</c>, more members allowed.</summary>
internal static class VersionAnswer
{
    /// <returns>False unless the body is a JSON object with a string under "version", in upper or lower case.</returns>
    public static bool TryRead(byte[] body, [NotNullWhen(true)] out string? version)
    {
        version = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            foreach (JsonProperty member in document.RootElement.EnumerateObject())
            {
                if (member.Name.Equals("version", StringComparison.OrdinalIgnoreCase)
                    && member.Value.ValueKind == JsonValueKind.String)
                {
                    version = member.Value.GetString();
                }
            }

            return version is not null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperation: a string that is no valid UTF-16, such as "\ud800".
            return false;
        }
    }
}

using System.Text.Json;

namespace FnLb.Host.CommandLine;

/// <summary>The file of <c>-config</c>: one JSON object, every flag by its name, without dashes in front.</summary>
/// <remarks>
/// Values are text as on the command line, numbers, true and false, or a list of text for what takes a comma list.
/// Comments and a comma after the last value are allowed: people write it.
/// </remarks>
internal static class ConfigFile
{
    private static readonly JsonDocumentOptions Tolerant = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <param name="error">What is wrong with the file as a whole; null on success.</param>
    /// <returns>Names with the text of their values, in the order of the file.</returns>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(string path, out string? error)
    {
        List<KeyValuePair<string, string>> values = [];
        error = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), Tolerant);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                error = "must be one JSON object with flags by their names";
                return values;
            }

            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (TextOf(property.Value) is { } text)
                {
                    values.Add(new(property.Name, text));
                }
                else
                {
                    error = $"the value of \"{property.Name}\" must be text, a number, true, false or a list of text";
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            error = e.Message;
        }

        return values;
    }

    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        JsonValueKind.Array when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
            string.Join(',', value.EnumerateArray().Select(item => item.GetString())),
        _ => null,
    };
}

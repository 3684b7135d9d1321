using System.Globalization;
using System.Text.Json;
using FnLb.Core.Nodes;
using FnLb.Host.Stores;

namespace FnLb.Host.Admin;

/// <summary>Body of PUT and DELETE: <c>{"node":"host:port","state":"draining","weight":2.0,"note":"…"}</c>.</summary>
/// <remarks>
/// Names in any case of letters and the last of equal ones, as Go reads JSON. Unlike there, an unknown name is refused:
/// a drain that was misspelled must not pass for an addition.
/// </remarks>
internal sealed record NodeRequest
{
    private const string Form = "the body is not JSON of the form {\"node\":\"host:port\"}";

    /// <summary>Empty when the body names none.</summary>
    public string Node { get; private init; } = "";

    public NodeChange Change { get; private init; } = new();

    /// <param name="error">What is wrong with the body and what is allowed; null on success.</param>
    public static NodeRequest Parse(ReadOnlyMemory<byte> body, out string? error)
    {
        error = null;
        NodeRequest request = new();
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Null)
            {
                return request;
            }

            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                error = Form;
                return request;
            }

            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                request = request.With(property, out string? wrong);
                error ??= wrong;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            error = Form;
        }

        return request;
    }

    private NodeRequest With(JsonProperty property, out string? error)
    {
        error = null;
        JsonElement value = property.Value;
        switch (property.Name.ToLowerInvariant())
        {
            case "node" when value.ValueKind is JsonValueKind.String or JsonValueKind.Null:
                return this with { Node = value.GetString() ?? "" };
            case "node":
                error = Form;
                return this;
            case "state":
                string word = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
                AdministrativeState? state = NodeRow.StateOf(word);
                error = state is null ? $"the state \"{Shown.Text(word)}\" must be active or draining" : null;
                return this with { Change = Change with { State = state } };
            case "weight":
                bool isWeight = value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double weight)
                    && NodeRow.IsWeight(weight);
                error = isWeight ? null : string.Create(
                    CultureInfo.InvariantCulture,
                    $"the weight {Shown.Text(value.GetRawText())} must be a number from {NodeRow.WeightMin} to "
                        + $"{NodeRow.WeightMax}");
                return isWeight ? this with { Change = Change with { Weight = value.GetDouble() } } : this;
            case "note":
                string? note = value.ValueKind == JsonValueKind.String ? value.GetString()! : null;
                bool isNote = note is not null && NodeRow.IsNote(note);
                error = isNote
                    ? null
                    : $"the note must be text of at most {NodeRow.NoteCharsMax} characters on one line";
                return isNote ? this with { Change = Change with { Note = note } } : this;
            default:
                error = $"the field \"{Shown.Text(property.Name)}\" is unknown: "
                    + "node, state, weight and note are allowed";
                return this;
        }
    }
}

using System.Buffers;
using System.Globalization;
using System.Text.Json;
using FnLb.Core.Telemetry;
using FnLb.Host.Lifecycle;

namespace FnLb.Host.Tracing;

/// <summary>OpenTelemetry's protocol over HTTP, in JSON.</summary>
/// <remarks>By hand: the library would add a third to the executable for what is one document.</remarks>
internal sealed class OtlpFormat(string url) : ISpanFormat
{
    private const string DefaultPath = "/v1/traces";
    private const int KindInternal = 1;
    private const int KindServer = 2;
    private const int KindClient = 3;
    private const int StatusError = 2;

    /// <summary>A URL without a path is that of a collector, as OTEL_EXPORTER_OTLP_ENDPOINT gives it.</summary>
    public CollectorAddress Collector { get; } = CollectorAddress.Of(url, DefaultPath);

    public SpanTally Tally { get; } = new("otlp");

    public byte[] Write(IReadOnlyList<TraceSpan> spans)
    {
        ArrayBufferWriter<byte> bytes = new();
        using Utf8JsonWriter json = new(bytes);
        json.WriteStartObject();
        json.WriteStartArray("resourceSpans");
        json.WriteStartObject();
        json.WriteStartObject("resource");
        json.WriteStartArray("attributes");
        Write(json, "service.name", SpanWords.Service);
        Write(json, "service.version", ProductVersion.Text);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("scopeSpans");
        json.WriteStartObject();
        json.WriteStartObject("scope");
        json.WriteString("name", SpanWords.Service);
        json.WriteEndObject();
        json.WriteStartArray("spans");
        foreach (TraceSpan span in spans)
        {
            Write(json, span);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>What <c>partialSuccess</c> says.</summary>
    public long CountRejected(ReadOnlyMemory<byte> answer)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(answer);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("partialSuccess", out JsonElement partial)
                && partial.ValueKind == JsonValueKind.Object
                && partial.TryGetProperty("rejectedSpans", out JsonElement rejected)
                && long.TryParse(rejected.ToString(), CultureInfo.InvariantCulture, out long spans) ? spans : 0;
        }
        catch (JsonException)
        {
            // Some collectors answer with nothing, or with text.
            return 0;
        }
    }

    private static void Write(Utf8JsonWriter json, TraceSpan span)
    {
        json.WriteStartObject();
        json.WriteString("traceId", SpanWords.Id(span.TraceHigh) + SpanWords.Id(span.TraceLow));
        json.WriteString("spanId", SpanWords.Id(span.Id));
        if (span.ParentId != 0)
        {
            json.WriteString("parentSpanId", SpanWords.Id(span.ParentId));
        }

        json.WriteString("name", SpanWords.Of(span.Name));
        json.WriteNumber("kind", span.Name switch
        {
            SpanName.Serve => KindServer,
            SpanName.RoundTrip => KindClient,
            _ => KindInternal,
        });

        // Numbers of 64 bits are text in the JSON of Protocol Buffers.
        json.WriteString("startTimeUnixNano", span.StartNanoseconds.ToString(CultureInfo.InvariantCulture));
        long end = span.StartNanoseconds + span.DurationNanoseconds;
        json.WriteString("endTimeUnixNano", end.ToString(CultureInfo.InvariantCulture));
        json.WriteStartArray("attributes");
        foreach ((string name, string value) in SpanWords.Tags(span, SpanTagNames.OpenTelemetry))
        {
            Write(json, name, value);
        }

        json.WriteEndArray();
        if (span.Error.Length > 0 || span.Status >= 500)
        {
            json.WriteStartObject("status");
            json.WriteNumber("code", StatusError);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, string value)
    {
        json.WriteStartObject();
        json.WriteString("key", name);
        json.WriteStartObject("value");
        if (name == SpanTagNames.OpenTelemetry.Status)
        {
            json.WriteString("intValue", value);
        }
        else
        {
            json.WriteString("stringValue", value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}

using System.Buffers;
using System.Text.Json;
using FnLb.Core.Telemetry;

namespace FnLb.Host.Tracing;

/// <summary>Zipkin's JSON, version 2.</summary>
internal sealed class ZipkinFormat(string url) : ISpanFormat
{
    private const string DefaultPath = "/api/v2/spans";
    private const string OldPath = "/api/v1/spans";

    /// <summary>A URL without a path, or with that of version 1 as the original took it, means version 2.</summary>
    public CollectorAddress Collector { get; } = CollectorAddress.Of(url, DefaultPath, OldPath);

    public SpanTally Tally { get; } = new("zipkin");

    public byte[] Write(IReadOnlyList<TraceSpan> spans)
    {
        ArrayBufferWriter<byte> bytes = new();
        using Utf8JsonWriter json = new(bytes);
        json.WriteStartArray();
        foreach (TraceSpan span in spans)
        {
            Write(json, span);
        }

        json.WriteEndArray();
        json.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Zipkin takes all spans or none.</summary>
    public long CountRejected(ReadOnlyMemory<byte> answer) => 0;

    private static void Write(Utf8JsonWriter json, TraceSpan span)
    {
        json.WriteStartObject();
        string high = span.TraceHigh == 0 ? "" : SpanWords.Id(span.TraceHigh);
        json.WriteString("traceId", high + SpanWords.Id(span.TraceLow));
        json.WriteString("id", SpanWords.Id(span.Id));
        if (span.ParentId != 0)
        {
            json.WriteString("parentId", SpanWords.Id(span.ParentId));
        }

        json.WriteString("name", SpanWords.Of(span.Name));
        if (span.Name != SpanName.Route)
        {
            json.WriteString("kind", span.Name == SpanName.Serve ? "SERVER" : "CLIENT");
        }

        if (span.IsDebug)
        {
            json.WriteBoolean("debug", true);
        }

        json.WriteNumber("timestamp", span.StartNanoseconds / 1000);
        json.WriteNumber("duration", long.Max(span.DurationNanoseconds / 1000, 1));
        json.WriteStartObject("localEndpoint");
        json.WriteString("serviceName", SpanWords.Service);
        json.WriteEndObject();
        json.WriteStartObject("tags");
        foreach ((string name, string value) in SpanWords.Tags(span, SpanTagNames.Zipkin))
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}

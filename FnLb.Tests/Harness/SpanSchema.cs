using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FnLb.Tests.Harness;

/// <summary>What a span has to have, by the schemas of Zipkin's API v2 and of OTLP's JSON.</summary>
internal static partial class SpanSchema
{
    private static readonly string[] ZipkinKinds = ["CLIENT", "SERVER", "PRODUCER", "CONSUMER"];

    /// <exception cref="FormatException">A collector would refuse the span or misread it.</exception>
    public static void CheckZipkin(JsonElement span)
    {
        Check(ZipkinTraceId().IsMatch(Text(span, "traceId")), span, "traceId");
        Check(SpanId().IsMatch(Text(span, "id")), span, "id");
        Check(!span.TryGetProperty("parentId", out _) || SpanId().IsMatch(Text(span, "parentId")), span, "parentId");
        Check(Text(span, "name").Length > 0, span, "name");
        Check(!span.TryGetProperty("kind", out _) || ZipkinKinds.Contains(Text(span, "kind")), span, "kind");
        Check(span.GetProperty("timestamp").GetInt64() > 0, span, "timestamp");
        Check(span.GetProperty("duration").GetInt64() > 0, span, "duration");
        Check(Text(span.GetProperty("localEndpoint"), "serviceName").Length > 0, span, "localEndpoint");
        Check(
            !span.TryGetProperty("tags", out JsonElement tags)
                || tags.EnumerateObject().All(tag => tag.Value.ValueKind == JsonValueKind.String),
            span, "tags");
        Check(
            !span.TryGetProperty("debug", out JsonElement debug)
                || debug.ValueKind is JsonValueKind.True or JsonValueKind.False,
            span, "debug");
    }

    /// <inheritdoc cref="CheckZipkin"/>
    public static void CheckOtlp(JsonElement span)
    {
        Check(OtlpTraceId().IsMatch(Text(span, "traceId")), span, "traceId");
        Check(SpanId().IsMatch(Text(span, "spanId")), span, "spanId");
        Check(
            !span.TryGetProperty("parentSpanId", out _) || SpanId().IsMatch(Text(span, "parentSpanId")), span,
            "parentSpanId");
        Check(Text(span, "name").Length > 0, span, "name");
        Check(span.GetProperty("kind").GetInt32() is >= 0 and <= 5, span, "kind");
        Check(Nanoseconds(span, "startTimeUnixNano") > 0, span, "startTimeUnixNano");
        Check(
            Nanoseconds(span, "endTimeUnixNano") >= Nanoseconds(span, "startTimeUnixNano"), span, "endTimeUnixNano");
        Check(
            !span.TryGetProperty("attributes", out JsonElement list) || list.EnumerateArray().All(IsAttribute), span,
            "attributes");
        Check(
            !span.TryGetProperty("status", out JsonElement status)
                || status.GetProperty("code").GetInt32() is >= 0 and <= 2,
            span, "status");
    }

    /// <summary>OTLP's document around the spans.</summary>
    /// <exception cref="FormatException">As for a span.</exception>
    public static void CheckOtlpResource(JsonElement resourceSpans)
    {
        JsonElement attributes = resourceSpans.GetProperty("resource").GetProperty("attributes");
        Check(attributes.EnumerateArray().All(IsAttribute), resourceSpans, "resource");
        Check(
            attributes.EnumerateArray().Any(attribute => Text(attribute, "key") == "service.name"), resourceSpans,
            "service.name");
    }

    private static bool IsAttribute(JsonElement attribute) => Text(attribute, "key").Length > 0
        && attribute.GetProperty("value").EnumerateObject().Single() is var value
        && value.Name switch
        {
            // A number of 64 bits is text.
            "intValue" => long.TryParse(value.Value.GetString(), CultureInfo.InvariantCulture, out _),
            "stringValue" => value.Value.ValueKind == JsonValueKind.String,
            _ => false,
        };

    private static long Nanoseconds(JsonElement span, string name) =>
        long.Parse(Text(span, name), CultureInfo.InvariantCulture);

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static void Check(bool isSound, JsonElement span, string member)
    {
        if (!isSound)
        {
            throw new FormatException($"{member} is not as the schema has it: {span.GetRawText()}");
        }
    }

    [GeneratedRegex("^(?!0+$)(?:[0-9a-f]{16}){1,2}$")]
    private static partial Regex ZipkinTraceId();

    [GeneratedRegex("^(?!0+$)[0-9a-f]{32}$")]
    private static partial Regex OtlpTraceId();

    [GeneratedRegex("^(?!0+$)[0-9a-f]{16}$")]
    private static partial Regex SpanId();
}

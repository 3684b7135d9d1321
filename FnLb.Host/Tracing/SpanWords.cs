using System.Diagnostics;
using System.Globalization;
using FnLb.Core.Telemetry;

namespace FnLb.Host.Tracing;

/// <summary>Names and ids as collectors read them.</summary>
internal static class SpanWords
{
    public const string Service = "fnlb";

    public static string Of(SpanName name) => name switch
    {
        SpanName.Serve => "lb_serve",
        SpanName.Route => "lb_route",
        SpanName.RoundTrip => "lb_roundtrip",
        _ => throw new UnreachableException($"No word for {name}."),
    };

    /// <summary>16 hexadecimal digits.</summary>
    public static string Id(ulong id) => id.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>What is worth saying of a span beyond its times.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Tags(TraceSpan span, SpanTagNames names)
    {
        yield return new(names.Method, span.Method);
        yield return new(names.Path, span.Path);
        if (span.Status > 0)
        {
            yield return new(names.Status, span.Status.ToString(CultureInfo.InvariantCulture));
        }

        if (span.Node.Length > 0)
        {
            yield return new("fnlb.node", span.Node);
        }

        if (span.Placement.Length > 0)
        {
            yield return new("fnlb.placement", span.Placement);
        }

        if (span.Error.Length > 0)
        {
            yield return new(names.Error, span.Error);
        }
    }
}

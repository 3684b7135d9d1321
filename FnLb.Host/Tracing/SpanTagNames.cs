namespace FnLb.Host.Tracing;

/// <summary>What a kind of collector calls the facts of a span.</summary>
internal sealed record SpanTagNames(string Method, string Path, string Status, string Error)
{
    public static readonly SpanTagNames Zipkin = new("http.method", "http.path", "http.status_code", "error");

    public static readonly SpanTagNames OpenTelemetry =
        new("http.request.method", "url.path", "http.response.status_code", "error.type");
}

using System.Net;

namespace FnLb.Host.Admin;

/// <summary>Whether a browser was led here by a page of somebody else.</summary>
internal static class RequestOrigin
{
    /// <summary>
    /// A page whose name was made to lead to this machine (DNS rebinding) comes over loopback with a name that is not
    /// this machine's. Over other addresses any name may be the operator's own.
    /// </summary>
    public static bool IsForeignHost(HttpRequest request, RequestSource source)
    {
        string host = request.Host.Host;
        bool isOurs = host.Length == 0
            || IPAddress.TryParse(host.Trim('[', ']'), out _)
            || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase)
            || host.StartsWith(Environment.MachineName + ".", StringComparison.OrdinalIgnoreCase);
        return source.IsLoopback && !isOurs;
    }

    /// <summary>A change that a page of another site asks for (RFC 6454; Fetch Metadata).</summary>
    public static bool IsForeignChange(HttpRequest request)
    {
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        string origin = request.Headers.Origin.ToString();
        bool isForeignOrigin = origin.Length > 0
            && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? page)
                && page.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
        return !IsRead(request) && (isForeignOrigin || site is "cross-site" or "same-site");
    }

    public static bool IsRead(HttpRequest request) => HttpMethods.IsGet(request.Method)
        || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);
}

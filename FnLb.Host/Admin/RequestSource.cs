using System.Net;
using FnLb.Core.Nodes;

namespace FnLb.Host.Admin;

/// <summary>Where a request comes from.</summary>
/// <param name="Address">None on a unix socket, where nothing tells one caller from another.</param>
/// <param name="IsLoopback">It came to a loopback address of this machine.</param>
/// <param name="Text">For the log.</param>
internal sealed record RequestSource(IPAddress Address, bool IsLoopback, string Text)
{
    /// <param name="isRelayed">
    /// The data plane has sent it on from the address of the traffic. Only then X-Forwarded-For is to be believed, and
    /// only its last member, which the data plane wrote.
    /// </param>
    public static RequestSource Of(HttpContext context, bool isRelayed)
    {
        string forwarded = context.Request.Headers["X-Forwarded-For"].ToString();
        string certificate = context.Features.Get<CallerCertificate>() is { } shown
            ? $" with the certificate {Shown.Text(shown.Subject)}"
            : "";
        if (isRelayed)
        {
            string last = forwarded[(forwarded.LastIndexOf(',') + 1)..].Trim();
            return IPAddress.TryParse(last, out IPAddress? client)
                ? new RequestSource(client, IPAddress.IsLoopback(client), client.ToString())
                : new RequestSource(IPAddress.None, IsLoopback: true, "an unknown address");
        }

        IPAddress? address = context.Connection.RemoteIpAddress;
        string claimed = forwarded.Length == 0 ? "" : $" for {Shown.Text(forwarded)}";
        return new RequestSource(
            address ?? IPAddress.None,
            context.Connection.LocalIpAddress is { } local && IPAddress.IsLoopback(local),
            $"{address?.ToString() ?? "a local socket"}{claimed}{certificate}");
    }
}

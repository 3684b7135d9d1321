namespace FnLb.Host.Dashboard;

/// <summary>One file of the dashboard, as it is sent.</summary>
/// <param name="Tag">Names this very content (ETag, RFC 9110 section 8.8.3).</param>
internal sealed record DashboardFile(byte[] Content, string ContentType, string Tag);

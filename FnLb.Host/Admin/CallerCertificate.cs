namespace FnLb.Host.Admin;

/// <summary>A feature of a connection: the certificate that its client has shown.</summary>
/// <param name="Subject">Its distinguished name: <c>CN=alice</c>.</param>
internal sealed record CallerCertificate(string Subject);

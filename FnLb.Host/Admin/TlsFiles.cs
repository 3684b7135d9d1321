namespace FnLb.Host.Admin;

/// <summary>PEM files for TLS.</summary>
/// <param name="Certificate">The certificate, then those between it and its root.</param>
/// <param name="Key">Its private key; empty when that is in the same file.</param>
/// <param name="ClientAuthority">Roots that clients' certificates must lead to; empty asks for none.</param>
internal sealed record TlsFiles(string Certificate, string Key, string ClientAuthority)
{
    public static readonly TlsFiles None = new("", "", "");

    public bool IsUsed => Certificate.Length > 0;

    public IEnumerable<string> Paths => new[] { Certificate, Key, ClientAuthority }.Where(path => path.Length > 0);
}

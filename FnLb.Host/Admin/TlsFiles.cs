namespace FnLb.Host.Admin;

/// <summary>PEM files for TLS.</summary>
/// <param name="Certificate">The certificate, then those between it and its root.</param>
/// <param name="Key">Its private key; empty when that is in the same file.</param>
/// <param name="ClientAuthority">Roots that clients' certificates must lead to; empty asks for none.</param>
internal sealed record TlsFiles(string Certificate, string Key, string ClientAuthority)
{
    /// <summary>Ends the message that refuses TLS for a node API behind the data plane, which speaks none.</summary>
    public const string AddressRule =
        "must not be given when -mgmt-listen is the address of -listen, where calls come in without TLS";

    public static readonly TlsFiles None = new("", "", "");

    public bool IsUsed => Certificate.Length > 0;

    public IEnumerable<string> Paths => new[] { Certificate, Key, ClientAuthority }.Where(path => path.Length > 0);
}

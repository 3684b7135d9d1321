using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FnLb.Host.Admin;

/// <summary>The certificate and what clients must show, as the files have them; immutable.</summary>
internal sealed class TlsIdentity
{
    private TlsIdentity(SslServerAuthenticationOptions options, DateTimeOffset expires)
    {
        Options = options;
        Expires = expires;
    }

    public SslServerAuthenticationOptions Options { get; }

    public DateTimeOffset Expires { get; }

    /// <param name="texts">The text of each file, by its path.</param>
    /// <exception cref="CryptographicException">A certificate or its key is no good.</exception>
    /// <exception cref="InvalidDataException">There are no certificates where there must be some.</exception>
    public static TlsIdentity Parse(TlsFiles files, IReadOnlyDictionary<string, string> texts)
    {
        string pem = texts[files.Certificate];
        var certificate = X509Certificate2.CreateFromPem(pem, files.Key.Length > 0 ? texts[files.Key] : pem);
        X509Certificate2Collection chain = [];
        chain.ImportFromPem(pem);
        X509Certificate2Collection roots = [];
        if (files.ClientAuthority.Length > 0)
        {
            roots.ImportFromPem(texts[files.ClientAuthority]);
            if (roots.Count == 0)
            {
                throw new InvalidDataException($"there must be a certificate in {files.ClientAuthority}");
            }
        }

        return new TlsIdentity(Server(certificate, chain, roots), certificate.NotAfter);
    }

    private static SslServerAuthenticationOptions Server(
        X509Certificate2 certificate, X509Certificate2Collection chain, X509Certificate2Collection roots)
    {
        SslServerAuthenticationOptions options = new()
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http11],
            ClientCertificateRequired = roots.Count > 0,
        };
        if (roots.Count > 0)
        {
            X509ChainPolicy policy = new()
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.AddRange(roots);
            options.CertificateChainPolicy = policy;
        }

        return options;
    }
}

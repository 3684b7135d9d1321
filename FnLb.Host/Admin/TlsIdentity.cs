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

    /// <returns>Null, and what is wrong, when the files cannot be used.</returns>
    public static TlsIdentity? Read(TlsFiles files, out string? error)
    {
        try
        {
            X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(
                files.Certificate, files.Key.Length > 0 ? files.Key : files.Certificate);
            X509Certificate2Collection chain = [];
            chain.ImportFromPemFile(files.Certificate);
            error = null;
            return new TlsIdentity(Server(certificate, chain, files.ClientAuthority), certificate.NotAfter);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            error = e.Message;
            return null;
        }
    }

    private static SslServerAuthenticationOptions Server(
        X509Certificate2 certificate, X509Certificate2Collection chain, string authorityPath)
    {
        SslServerAuthenticationOptions options = new()
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http11],
            ClientCertificateRequired = authorityPath.Length > 0,
        };
        if (authorityPath.Length > 0)
        {
            X509Certificate2Collection roots = [];
            roots.ImportFromPemFile(authorityPath);
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

using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FnLb.Host.Operator;

/// <summary>Whom a command trusts, and what it shows; PEM files, empty for none.</summary>
/// <param name="Authority">Roots that the balancer's certificate must lead to; empty: those of this machine.</param>
/// <param name="Certificate">What the balancer is shown, then its chain.</param>
/// <param name="Key">Its private key; empty when that is in the same file.</param>
/// <param name="Known">
/// The certificate of a balancer on this machine. Who shows just that one is trusted, whatever name it has: it is
/// called by its address.
/// </param>
internal sealed record CallerTls(string Authority, string Certificate, string Key, string Known)
{
    /// <param name="error">One line for the operator; null on success.</param>
    public bool TryRead([NotNullWhen(true)] out SslClientAuthenticationOptions? options, out string? error)
    {
        options = new SslClientAuthenticationOptions();
        error = null;
        try
        {
            if (Authority.Length > 0)
            {
                options.CertificateChainPolicy = Trusting(Authority);
            }

            if (Certificate.Length > 0)
            {
                var own = X509Certificate2.CreateFromPemFile(Certificate, Key.Length > 0 ? Key : Certificate);
                X509Certificate2Collection chain = [];
                chain.ImportFromPemFile(Certificate);
                options.ClientCertificateContext = SslStreamCertificateContext.Create(own, chain, offline: true);
            }

            byte[] known = ReadKnown();
            options.RemoteCertificateValidationCallback = (_, shown, _, errors) => errors == SslPolicyErrors.None
                || (shown is not null && known.Length > 0 && shown.GetRawCertData().AsSpan().SequenceEqual(known));
            return true;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            error = $"-ca, -cert or -key: {e.Message}";
            return false;
        }
    }

    // Who may not read the balancer's file judges it as any other.
    private byte[] ReadKnown()
    {
        try
        {
            return Known.Length == 0 ? [] : X509Certificate2.CreateFromPem(File.ReadAllText(Known)).RawData;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static X509ChainPolicy Trusting(string path)
    {
        X509ChainPolicy policy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPemFile(path);
        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new CryptographicException($"there must be a certificate in {path}");
    }
}

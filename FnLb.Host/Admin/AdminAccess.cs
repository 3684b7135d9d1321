using System.Net;
using FnLb.Host.CommandLine;
using FnLb.Host.Lifecycle;

namespace FnLb.Host.Admin;

/// <summary>Who may use the admin listener, as the options say.</summary>
internal sealed class AdminAccess
{
    private readonly LiveFiles<AdminTokens>? _tokens;
    private readonly bool _asksForCertificates;
    private readonly ILogger _logger;

    private AdminAccess(FnlbOptions options, LiveFiles<AdminTokens>? tokens, AdminTls? tls, ILogger logger)
    {
        _tokens = tokens;
        _asksForCertificates = options.AdminTls.ClientAuthority.Length > 0;
        _logger = logger;
        Tls = tls;
    }

    /// <summary>Null for none.</summary>
    public AdminTls? Tls { get; }

    /// <summary>Whether who connects is asked for nothing.</summary>
    public bool IsOpen => _tokens is null && !_asksForCertificates;

    /// <exception cref="StartException">A file cannot be used.</exception>
    public static AdminAccess Open(FnlbOptions options, ILogger logger)
    {
        string tokenFile = options.AdminTokenFile;
        LiveFiles<AdminTokens>? tokens = tokenFile.Length == 0
            ? null
            : Explained($"-admin-token-file \"{tokenFile}\"", () => OpenTokens(tokenFile, logger));
        AdminTls? tls = options.AdminTls.IsUsed
            ? Explained(
                $"-admin-tls-cert \"{options.AdminTls.Certificate}\"",
                () => new AdminTls(options.AdminTls, TimeProvider.System, logger))
            : null;
        return new AdminAccess(options, tokens, tls, logger);
    }

    /// <param name="isRelayed">The data plane sends on what comes to the address of the traffic.</param>
    /// <exception cref="StartException">There would be no TLS on that address.</exception>
    public AdminGuard Guard(RequestDelegate inner, bool isRelayed) => isRelayed && Tls is not null
        ? throw new StartException($"-admin-tls-cert: {TlsFiles.AddressRule}")
        : new AdminGuard(inner, _tokens, isRelayed, TimeProvider.System, _logger);

    /// <summary>Takes over tokens and certificates that have changed, now.</summary>
    public void LookNow()
    {
        _tokens?.LookNow();
        Tls?.LookNow();
    }

    /// <summary>
    /// Says so when others than this machine's users can change the node list, without a token or a certificate.
    /// </summary>
    /// <returns>Where they can, or null.</returns>
    public string? WarnIfOpen(EndPoint address)
    {
        if (!IsOpen || address is not IPEndPoint ip || IPAddress.IsLoopback(ip.Address))
        {
            return null;
        }

        bool isEvery = ip.Address.Equals(IPAddress.Any) || ip.Address.Equals(IPAddress.IPv6Any);
        AdminLog.Open(
            _logger, isEvery
                ? $"Every machine that reaches port {ip.Port} at any address of this one"
                : $"Every machine that reaches {ip}");
        return ip.ToString();
    }

    private static LiveFiles<AdminTokens> OpenTokens(string path, ILogger logger) =>
        new([path], texts => AdminTokens.Parse(texts[path]), TimeProvider.System)
        {
            Taken = _ => AdminLog.TokensRead(logger, path),
            Refused = error => AdminLog.TokensUnreadable(logger, path, error),
        };

    private static T Explained<T>(string flag, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (StartException e)
        {
            throw new StartException($"{flag}: {e.Message}", e);
        }
    }
}

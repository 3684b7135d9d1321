using System.Net;
using FnLb.Host.CommandLine;
using FnLb.Host.Lifecycle;

namespace FnLb.Host.Admin;

/// <summary>Who may use the admin listener, as the options say.</summary>
internal sealed class AdminAccess
{
    private readonly AdminTokenFile? _tokens;
    private readonly bool _asksForCertificate;
    private readonly ILogger _logger;

    private AdminAccess(AdminTokenFile? tokens, AdminTls? tls, bool asksForCertificate, ILogger logger)
    {
        _tokens = tokens;
        Tls = tls;
        _asksForCertificate = asksForCertificate;
        _logger = logger;
    }

    /// <summary>Null for none.</summary>
    public AdminTls? Tls { get; }

    /// <exception cref="StartException">A file cannot be used.</exception>
    public static AdminAccess Open(FnlbOptions options, ILogger logger)
    {
        string? error = null;
        AdminTokenFile? tokens = options.AdminTokenFile.Length == 0
            ? null
            : AdminTokenFile.Open(options.AdminTokenFile, TimeProvider.System, logger, out error);
        if (error is not null)
        {
            throw new StartException($"-admin-token-file \"{options.AdminTokenFile}\": {error}");
        }

        AdminTls? tls = options.AdminTls.IsUsed
            ? AdminTls.Open(options.AdminTls, TimeProvider.System, logger, out error)
            : null;
        return error is null
            ? new AdminAccess(tokens, tls, options.AdminTls.ClientAuthority.Length > 0, logger)
            : throw new StartException($"-admin-tls-cert \"{options.AdminTls.Certificate}\": {error}");
    }

    /// <summary>Reads the files again, whether or not they look changed; what came of it is logged.</summary>
    public void ReadAgain()
    {
        _tokens?.ReadNow();
        Tls?.ReadNow();
    }

    public AdminGuard Guard(RequestDelegate inner) => new(inner, _tokens, TimeProvider.System, _logger);

    /// <summary>
    /// Says so when others than this machine's users can change the node list, without a token or a certificate.
    /// </summary>
    /// <returns>Where they can, or null.</returns>
    public string? WarnIfOpen(EndPoint address)
    {
        bool keepsOut = _tokens is not null || _asksForCertificate;
        if (keepsOut || address is not IPEndPoint ip || IPAddress.IsLoopback(ip.Address))
        {
            return null;
        }

        AdminLog.Open(_logger, ip.ToString());
        return ip.ToString();
    }
}

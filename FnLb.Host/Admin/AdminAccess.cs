using System.Net;
using FnLb.Host.CommandLine;
using FnLb.Host.Lifecycle;

namespace FnLb.Host.Admin;

/// <summary>Who may use the admin listener, as the options say.</summary>
internal sealed class AdminAccess
{
    private readonly AdminTokenFile? _tokens;
    private readonly ILogger _logger;

    private AdminAccess(AdminTokenFile? tokens, AdminTls? tls, ILogger logger)
    {
        _tokens = tokens;
        Tls = tls;
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
            ? new AdminAccess(tokens, tls, logger)
            : throw new StartException($"-admin-tls-cert \"{options.AdminTls.Certificate}\": {error}");
    }

    /// <summary>Reads the files again, whether or not they look changed; what came of it is logged.</summary>
    public void ReadAgain()
    {
        _tokens?.ReadNow();
        Tls?.ReadNow();
    }

    public AdminGuard Guard(RequestDelegate inner) => new(inner, _tokens, TimeProvider.System, _logger);

    /// <summary>Says so when others than this machine's users can change the node list.</summary>
    public void WarnIfOpen(EndPoint address)
    {
        if (_tokens is null && address is IPEndPoint ip && !IPAddress.IsLoopback(ip.Address))
        {
            AdminLog.Open(_logger, ip.ToString());
        }
    }
}

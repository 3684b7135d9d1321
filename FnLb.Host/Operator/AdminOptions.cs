using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using FnLb.Host.Admin;
using FnLb.Host.CommandLine;

namespace FnLb.Host.Operator;

/// <summary>How a command reaches the node API of a running balancer.</summary>
internal sealed record AdminOptions
{
    /// <summary>Where the node API listens.</summary>
    public required ListenAddress Address { get; init; }

    /// <summary>Empty for none.</summary>
    public string Token { get; init; } = "";

    /// <summary>Null for no TLS.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>What is neither flag nor value.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>For <c>-drain</c>; empty when it is not given.</summary>
    public string Drain { get; init; } = "";

    /// <summary>
    /// Takes the flags of <see cref="AdminFlags"/>; what they do not say is read from the environment and the
    /// configuration file of the balancer.
    /// </summary>
    /// <param name="error">One line for the operator; null on success.</param>
    public static bool TryParse(
        string[] arguments, Func<string, string?> variable, [NotNullWhen(true)] out AdminOptions? options,
        out string? error)
    {
        options = null;
        if (AdminFlags.Parse(arguments, variable, out error) is not { } flags)
        {
            return false;
        }

        if (!ListenAddress.TryParseAny(flags["mgmt-listen"], out ListenAddress at))
        {
            error = $"-mgmt-listen \"{flags["mgmt-listen"]}\": must be host:port or unix:/path";
            return false;
        }

        if (!TryReadToken(flags["admin-token-file"], out string token, out error))
        {
            return false;
        }

        CallerTls tls = new(flags["ca"], flags["cert"], flags["key"], flags["admin-tls-cert"]);
        SslClientAuthenticationOptions? security = null;
        if (flags.IsSecure && !tls.TryRead(out security, out error))
        {
            return false;
        }

        options = new AdminOptions
        {
            Address = at,
            Token = token,
            Tls = security,
            Words = flags.Words,
            Drain = flags["drain"],
        };
        return true;
    }

    // The file of the balancer serves: of its tokens that which may most.
    private static bool TryReadToken(string path, out string token, out string? error)
    {
        token = "";
        error = null;
        if (path.Length == 0)
        {
            return true;
        }

        try
        {
            IReadOnlyList<AdminTokenLine> lines = AdminTokenLine.ParseAll(File.ReadAllText(path), out _);
            token = lines.MaxBy(line => line.Right)?.Token ?? "";
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error = $"-token-file \"{path}\": {e.Message}";
            return false;
        }
    }
}

using System.Diagnostics.CodeAnalysis;
using FnLb.Host.CommandLine;

namespace FnLb.Host.Operator;

/// <summary>How a command reaches the node API of a running balancer.</summary>
internal sealed record AdminOptions
{
    /// <summary>Where the node API listens.</summary>
    public required ListenAddress Address { get; init; }

    /// <summary>Empty for none.</summary>
    public string Token { get; init; } = "";

    public bool IsSecure { get; init; }

    /// <summary>What is neither flag nor value.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>For <c>-drain</c>; empty when it is not given.</summary>
    public string Drain { get; init; } = "";

    /// <summary>
    /// Takes <c>-mgmt-listen</c>, <c>-token-file</c>, <c>-tls</c> and <c>-drain</c>, the first two from the
    /// environment of the balancer as well.
    /// </summary>
    /// <param name="error">One line for the operator; null on success.</param>
    public static bool TryParse(
        string[] arguments, Func<string, string?> variable, [NotNullWhen(true)] out AdminOptions? options,
        out string? error)
    {
        options = null;
        string address = variable("FNLB_MGMT_LISTEN") ?? "127.0.0.1:8082";
        string tokenFile = variable("FNLB_ADMIN_TOKEN_FILE") ?? "";
        string drain = "";
        bool isSecure = variable("FNLB_ADMIN_TLS_CERT") is { Length: > 0 };
        List<string> words = [];
        for (int next = 0; next < arguments.Length; next++)
        {
            string argument = arguments[next];
            string flag = argument.TrimStart('-').Split('=')[0];
            int equals = argument.IndexOf('=');
            if (!argument.StartsWith('-'))
            {
                words.Add(argument);
                continue;
            }

            if (flag == "tls")
            {
                isSecure = true;
                continue;
            }

            string? value = equals >= 0 ? argument[(equals + 1)..] : arguments.ElementAtOrDefault(++next);
            if (value is null || flag is not ("mgmt-listen" or "token-file" or "admin-token-file" or "drain"))
            {
                error = $"-{flag}: -mgmt-listen, -token-file and -drain with a value are taken, and -tls";
                return false;
            }

            address = flag == "mgmt-listen" ? value : address;
            drain = flag == "drain" ? value : drain;
            tokenFile = flag is "token-file" or "admin-token-file" ? value : tokenFile;
        }

        if (!ListenAddress.TryParseAny(address, out ListenAddress at))
        {
            error = $"-mgmt-listen \"{address}\": must be host:port or unix:/path";
            return false;
        }

        if (!TryReadToken(tokenFile, out string token, out error))
        {
            return false;
        }

        options = new AdminOptions
        {
            Address = at,
            Token = token,
            IsSecure = isSecure,
            Words = words,
            Drain = drain,
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
            string[][] lines = [.. File.ReadLines(path)
                .Select(line => line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries))
                .Where(words => words.Length > 0 && words[0][0] != '#')];
            token = (lines.FirstOrDefault(words => words[0] != "read") ?? lines.FirstOrDefault())?[^1] ?? "";
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error = $"-token-file \"{path}\": {e.Message}";
            return false;
        }
    }
}

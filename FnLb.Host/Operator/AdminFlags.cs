using FnLb.Core.Nodes;
using FnLb.Host.CommandLine;

namespace FnLb.Host.Operator;

/// <summary>The flags of the commands that call a running balancer, as text.</summary>
/// <remarks>
/// What is not given comes from where the balancer has it from: the environment, else the file of <c>-config</c>.
/// </remarks>
internal sealed class AdminFlags
{
    private const string Switch = "tls";

    private const string Rule =
        "-mgmt-listen, -token-file, -ca, -cert, -key, -config and -drain with a value are taken, and -tls";

    // What the commands share with the balancer, with its default.
    private static readonly Dictionary<string, string> Shared = new()
    {
        ["mgmt-listen"] = "127.0.0.1:8082",
        ["admin-token-file"] = "",
        ["admin-tls-cert"] = "",
    };

    private readonly Dictionary<string, string> _values = [];
    private bool _asksForTls;

    private AdminFlags()
    {
    }

    /// <summary>The flags whose value is a file.</summary>
    public static IReadOnlyList<string> Files { get; } = ["token-file", "ca", "cert", "key", "config"];

    /// <summary>Every flag, without its dash.</summary>
    public static IReadOnlyList<string> All { get; } = ["mgmt-listen", "drain", .. Files, Switch];

    /// <summary>What is neither flag nor value.</summary>
    public List<string> Words { get; } = [];

    /// <summary>Whether TLS is asked for, by whatever flag or by the balancer's having a certificate.</summary>
    public bool IsSecure => _asksForTls || (this["ca"] + this["cert"] + this["admin-tls-cert"]).Length > 0;

    /// <summary>Empty when it is given nowhere and has no default.</summary>
    public string this[string name] => _values.GetValueOrDefault(name) ?? "";

    /// <param name="error">One line for the operator; null on success.</param>
    /// <returns>Null with an error.</returns>
    public static AdminFlags? Parse(string[] arguments, Func<string, string?> variable, out string? error)
    {
        AdminFlags flags = new();
        error = flags.ReadArguments(arguments) ?? flags.ReadShared(variable);
        return error is null ? flags : null;
    }

    private string? ReadArguments(string[] arguments)
    {
        for (int next = 0; next < arguments.Length; next++)
        {
            string argument = arguments[next];
            if (!argument.StartsWith('-'))
            {
                Words.Add(argument);
                continue;
            }

            int equals = argument.IndexOf('=');
            string flag = (equals < 0 ? argument : argument[..equals]).TrimStart('-');
            if (flag == Switch)
            {
                _asksForTls = true;
                continue;
            }

            string? value = equals >= 0 ? argument[(equals + 1)..] : arguments.ElementAtOrDefault(++next);
            if (value is null || !(All.Contains(flag) || flag == "admin-token-file"))
            {
                return $"-{Shown.Text(flag)}: {Rule}";
            }

            _values[flag == "token-file" ? "admin-token-file" : flag] = value;
        }

        return null;
    }

    private string? ReadShared(Func<string, string?> variable)
    {
        string? error = null;
        string path = _values.GetValueOrDefault("config") ?? variable("FNLB_CONFIG") ?? "";
        Dictionary<string, string> file = [];
        foreach ((string name, string value) in path.Length == 0 ? [] : ConfigFile.Read(path, out error))
        {
            file[name] = value;
        }

        foreach ((string name, string byDefault) in Shared)
        {
            string fromEnvironment = "FNLB_" + name.Replace('-', '_').ToUpperInvariant();
            _values.TryAdd(name, variable(fromEnvironment) ?? file.GetValueOrDefault(name) ?? byDefault);
        }

        return error is null ? null : $"-config \"{Shown.Text(path)}\": {error}";
    }
}

using FnLb.Core.Health;
using FnLb.Core.Nodes;
using FnLb.Host.Admin;

namespace FnLb.Host.CommandLine;

/// <summary>Reads flags as Go does: one dash or two, the value after "=" or in the next argument.</summary>
/// <remarks>Unlike Go it does not end at the first error, so that the operator mends all of them at once.</remarks>
internal sealed class OptionParser
{
    private readonly List<string> _errors = [];
    private readonly HashSet<Option> _given = [];
    private readonly Dictionary<string, string> _texts = [];
    private FnlbOptions _options = new();

    private OptionParser()
    {
    }

    /// <param name="variable">Gives the value of an environment variable; null when it is not set.</param>
    public static ParsedOptions Parse(IReadOnlyList<string> arguments, Func<string, string?> variable)
    {
        OptionParser parser = new();
        parser.SetDefaults();
        parser.ReadArguments(arguments);
        parser.ReadVariables(variable);
        parser.ReadFile();
        parser.CheckTogether();
        return new ParsedOptions(parser._options, parser._errors) { Texts = parser._texts };
    }

    private void SetDefaults()
    {
        foreach (Option option in OptionTable.All)
        {
            option.Set(ref _options, option.Default);
        }
    }

    private void ReadArguments(IReadOnlyList<string> arguments)
    {
        int next = 0;
        while (next < arguments.Count)
        {
            string argument = arguments[next++];
            int dashes = argument.StartsWith("--", StringComparison.Ordinal) ? 2 : argument.StartsWith('-') ? 1 : 0;
            string flag = argument[dashes..];
            if (dashes == 0 || flag.Length == 0)
            {
                // Not repeated: it may be a URL with a password.
                _errors.Add($"argument {next}: unexpected; flags begin with a dash, see fnlb -h");
                continue;
            }

            int equals = flag.IndexOf('=');
            string name = equals < 0 ? flag : flag[..equals];
            string? value = equals < 0 ? null : flag[(equals + 1)..];
            Option? option = Find(name);
            bool takesNext = value is null && option is not { IsSwitch: true };
            if (takesNext && next < arguments.Count && (option is not null || !arguments[next].StartsWith('-')))
            {
                // What follows an unknown flag is most likely its value, and not worth an error of its own.
                value = arguments[next++];
            }

            Take(name, option, value);
        }
    }

    private static Option? Find(string name) =>
        OptionTable.All.FirstOrDefault(option => option.Name == (name == "h" ? "help" : name));

    private void Take(string name, Option? option, string? value)
    {
        if (option is null)
        {
            // A misspelled -db has a password in its value, and a URL with a dash in front has it in its name.
            string given = name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? Shown.Text(name) : "…";
            _errors.Add($"-{given}: unknown flag; usage: fnlb -h lists every flag");
        }
        else if (value is null && !option.IsSwitch)
        {
            _errors.Add($"-{name}: needs a value, {option.Metavar}: {option.Rule}");
        }
        else
        {
            _given.Add(option);
            Set(option, $"-{name}", value ?? "true");
        }
    }

    private void ReadVariables(Func<string, string?> variable)
    {
        foreach (Option option in OptionTable.All)
        {
            if (option.Variable is string name && !_given.Contains(option) && variable(name) is string value)
            {
                _given.Add(option);
                Set(option, name, value);
            }
        }
    }

    private void ReadFile()
    {
        string path = _options.ConfigFile;
        if (path.Length == 0)
        {
            return;
        }

        IReadOnlyList<KeyValuePair<string, string>> values = ConfigFile.Read(path, out string? error);
        if (error is not null)
        {
            _errors.Add($"-config \"{Shown.Text(path)}\": {error}");
        }

        foreach ((string name, string value) in values)
        {
            Option? option = Find(name);
            if (option is null || name is "config" or "help")
            {
                _errors.Add($"{Shown.Text(path)}: \"{Shown.Text(name)}\": unknown flag; fnlb -h lists every flag");
            }
            else if (!_given.Contains(option))
            {
                Set(option, $"{Shown.Text(path)}: {name}", value);
            }
        }
    }

    private void Set(Option option, string source, string value)
    {
        _texts[option.Name] = value;
        if (option.Set(ref _options, value) is string broken)
        {
            _errors.Add($"{source} \"{option.Show(value)}\": {broken}");
        }
    }

    private void CheckTogether()
    {
        int lineBytes = _options.Proxy.HeadLimits.StartLineBytesMax;
        int headBytes = _options.Proxy.HeadLimits.HeadBytesMax;
        if (lineBytes > headBytes)
        {
            _errors.Add($"-max-request-line \"{lineBytes}\": must not be above -max-head-bytes, which is {headBytes}");
        }

        TlsFiles tls = _options.AdminTls;
        if (!tls.IsUsed && tls.Paths.Any())
        {
            _errors.Add("-admin-tls-cert \"\": must be given with -admin-tls-key or -admin-tls-client-ca");
        }

        if (tls.IsUsed && _options.AdminListen.IsSameAs(_options.Listen))
        {
            _errors.Add($"-admin-tls-cert \"{Shown.Text(tls.Certificate)}\": {TlsFiles.AddressRule}");
        }

        OutlierOptions outliers = _options.Health.Outliers;
        if (outliers.EjectionMin > outliers.EjectionMax)
        {
            _errors.Add($"-outlier-time \"{outliers.EjectionMin.TotalSeconds}s\": must not be above -outlier-time-max, "
                + $"which is {outliers.EjectionMax.TotalSeconds}s");
        }
    }
}

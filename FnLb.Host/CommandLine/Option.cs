using FnLb.Core.Nodes;

namespace FnLb.Host.CommandLine;

/// <summary>A flag: all that the parser, the usage and the README say about it.</summary>
internal sealed record Option
{
    /// <summary>Without dashes.</summary>
    public required string Name { get; init; }

    /// <summary>Stands for the value in the usage; empty for a switch, which may be given without a value.</summary>
    public required string Metavar { get; init; }

    /// <summary>The text that <see cref="Set"/> gets when nobody gives one.</summary>
    public required string Default { get; init; }

    /// <summary>What stands for a default that depends on the machine; null shows <see cref="Default"/>.</summary>
    public string? DefaultShown { get; init; }

    public required string Meaning { get; init; }

    /// <summary>The values that are taken; empty where the meaning says it.</summary>
    public required string Rule { get; init; }

    public required OptionSetter Set { get; init; }

    /// <summary>The variable that sets it where the command line does not; null for none.</summary>
    public string? Variable { get; init; }

    /// <summary>How a refused value is shown.</summary>
    public Func<string, string> Show { get; init; } = Shown.Text;

    public bool IsSwitch => Metavar.Length == 0;
}

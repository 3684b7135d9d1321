namespace FnLb.Host.CommandLine;

/// <summary>The options, and all that is wrong with what they were made from; usable only when nothing is.</summary>
internal sealed record ParsedOptions(FnlbOptions Options, IReadOnlyList<string> Errors)
{
    /// <summary>The text of each option that was given, by its name.</summary>
    public IReadOnlyDictionary<string, string> Texts { get; init; } = new Dictionary<string, string>();
}

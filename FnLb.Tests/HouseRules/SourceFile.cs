namespace FnLb.Tests.HouseRules;

/// <summary>A text file of the source tree.</summary>
/// <param name="Path">Relative to the root of the tree, with slashes.</param>
internal sealed record SourceFile(string Path, string Text)
{
    /// <summary>Without line ends.</summary>
    public string[] Lines { get; } = Text.Split('\n');

    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal);

    /// <summary>The folders above the file, the project's first.</summary>
    public string[] Folders => Path.Split('/')[..^1];

    /// <summary>The file's name up to its first dot.</summary>
    public string Name => System.IO.Path.GetFileName(Path).Split('.')[0];
}

namespace FnLb.Tests.HouseRules;

/// <summary>A place where a file breaks a house rule.</summary>
/// <param name="Line">From 1.</param>
internal readonly record struct Finding(string Path, int Line, string Message)
{
    public override string ToString() => $"{Path}:{Line}: {Message}";
}

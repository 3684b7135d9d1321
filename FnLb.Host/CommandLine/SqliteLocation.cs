namespace FnLb.Host.CommandLine;

/// <summary>The node list in SQLite.</summary>
/// <param name="Path">The file; null keeps the list in memory.</param>
internal sealed record SqliteLocation(string? Path) : StoreLocation
{
    public override bool IsRemote => false;

    protected override string Shown => "sqlite3://" + (Path ?? ":memory:");
}

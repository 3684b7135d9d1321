using System.Data.Common;
using FnLb.Host.CommandLine;
using Microsoft.Data.Sqlite;

namespace FnLb.Host.Stores;

/// <summary>SQLite: a list in memory, or in a file that balancers on one machine share.</summary>
/// <remarks>
/// The journal mode of a file is left as it is: in SQLite's own mode it can be shared with the original, through bind
/// mounts and on network disks, where WAL cannot, and a list of nodes is used too seldom to need WAL. Each use opens
/// the file anew, so that one which was moved away is a failure and not an empty cluster.
/// </remarks>
/// <param name="isReadOnly">Neither a file nor a folder is made, and nothing can be changed.</param>
internal sealed class SqliteDialect(SqliteLocation location, bool isReadOnly = false) : SqlDialect
{
    private const int BusySecondsMax = 5;

    private SqliteConnection? _memory;
    private bool _wasOpen;

    public override bool KeepsConnection => false;

    public override string NumberType => "real";

    public override string Now => "((julianday('now') - 2440587.5) * 86400.0)";

    public override Task<DbConnection> OpenAsync() =>
        Task.FromResult<DbConnection>(location.Path is null ? _memory ??= Open() : Open());

    // What is in memory ends with its connection.
    public override ValueTask CloseAsync(DbConnection connection) =>
        connection == _memory ? ValueTask.CompletedTask : base.CloseAsync(connection);

    public override async Task PrepareAsync(DbConnection connection)
    {
        await base.PrepareAsync(connection);
        _wasOpen = true;
    }

    public override bool IsFailure(Exception e) =>
        base.IsFailure(e) || e is UnauthorizedAccessException or ArgumentException;

    public override ValueTask DisposeAsync() => _memory?.DisposeAsync() ?? ValueTask.CompletedTask;

    private SqliteConnection Open()
    {
        if (!_wasOpen && !isReadOnly && Path.GetDirectoryName(location.Path) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        SqliteConnectionStringBuilder settings = new()
        {
            DataSource = location.Path ?? ":memory:",
            Mode = location.Path is null ? SqliteOpenMode.Memory
                : isReadOnly ? SqliteOpenMode.ReadOnly
                : _wasOpen ? SqliteOpenMode.ReadWrite
                : SqliteOpenMode.ReadWriteCreate,
            DefaultTimeout = BusySecondsMax,
            Pooling = false,
        };
        SqliteConnection connection = new(settings.ToString());
        connection.Open();
        return connection;
    }
}

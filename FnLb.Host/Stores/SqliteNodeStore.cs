using FnLb.Core.Nodes;
using FnLb.Host.CommandLine;
using Microsoft.Data.Sqlite;

namespace FnLb.Host.Stores;

/// <summary>The node list in SQLite, in the original's table; in memory, or in a file that balancers share.</summary>
/// <remarks>
/// The journal mode of a file is left as it is: in SQLite's own mode it can be shared with the original, through bind
/// mounts and on network disks, where WAL cannot, and a list of nodes is used too seldom to need WAL. Each use opens
/// the file anew, so that one which was moved away is a failure and not an empty cluster.
/// </remarks>
internal sealed class SqliteNodeStore : INodeStore
{
    private const int BusySecondsMax = 5;
    private const int BadRowsRemembered = 1000;

    private readonly StoreLocation _location;
    private readonly ILogger _logger;
    private readonly SqliteConnection? _memory;
    private readonly Lock _using = new();
    private readonly HashSet<string> _badRows = [];

    /// <summary>Opens the store and creates file, folders and table where they are missing.</summary>
    /// <exception cref="NodeStoreException">The file cannot be opened or created, or is no SQLite database.</exception>
    public SqliteNodeStore(StoreLocation location, ILogger logger)
    {
        _location = location;
        _logger = logger;
        try
        {
            CreateFolder(location);
            SqliteConnection connection = Open(SqliteOpenMode.ReadWriteCreate);
            _memory = location.Path is null ? connection : null;
            using SqliteConnection? transient = _memory is null ? connection : null;
            Execute(connection, "CREATE TABLE IF NOT EXISTS lb_nodes (address text NOT NULL PRIMARY KEY)");
        }
        catch (Exception e) when (IsStoreFailure(e))
        {
            throw Wrap(e);
        }
    }

    public Task<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancellation) =>
        UseAsync<IReadOnlyList<NodeEntry>>(List, cancellation);

    public Task AddAsync(NodeEntry entry, CancellationToken cancellation) => UseAsync(
        connection => Execute(
            connection, "INSERT OR IGNORE INTO lb_nodes (address) VALUES ($address)", entry.Address.Text),
        cancellation);

    public Task<bool> RemoveAsync(string node, CancellationToken cancellation) =>
        UseAsync(connection => Remove(connection, node), cancellation);

    public ValueTask DisposeAsync() => _memory?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static void CreateFolder(StoreLocation location)
    {
        if (Path.GetDirectoryName(location.Path) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }
    }

    private static bool Remove(SqliteConnection connection, string node)
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        bool isAddress = NodeAddress.TryParse(node, out NodeAddress address, out _);
        int removed = 0;
        foreach (string row in Rows(connection))
        {
            bool isSame = isAddress && NodeAddress.TryParse(row, out NodeAddress other, out _) && other == address;
            if (isSame || row == node)
            {
                removed += Execute(connection, "DELETE FROM lb_nodes WHERE address = $address", row);
            }
        }

        transaction.Commit();
        return removed > 0;
    }

    private static List<string> Rows(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT address FROM lb_nodes";
        using SqliteDataReader reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    private static int Execute(SqliteConnection connection, string statement, string? address = null)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = statement;
        if (address is not null)
        {
            command.Parameters.AddWithValue("$address", address);
        }

        return command.ExecuteNonQuery();
    }

    private static bool IsStoreFailure(Exception e) =>
        e is SqliteException or IOException or UnauthorizedAccessException or ArgumentException;

    private List<NodeEntry> List(SqliteConnection connection)
    {
        List<NodeEntry> entries = [];
        foreach (string row in Rows(connection))
        {
            if (NodeAddress.TryParse(row, out NodeAddress address, out string? error))
            {
                entries.Add(new NodeEntry(address));
            }
            else if (_badRows.Count < BadRowsRemembered && _badRows.Add(row))
            {
                StoreLog.BadRow(_logger, error);
            }
        }

        return entries;
    }

    private SqliteConnection Open(SqliteOpenMode mode)
    {
        SqliteConnectionStringBuilder settings = new()
        {
            DataSource = _location.Path ?? ":memory:",
            Mode = _location.Path is null ? SqliteOpenMode.Memory : mode,
            DefaultTimeout = BusySecondsMax,
            Pooling = false,
        };
        SqliteConnection connection = new(settings.ToString());
        connection.Open();
        return connection;
    }

    // SQLite knows only blocking calls, which may wait for another balancer's write: never on the caller's thread.
    private Task<T> UseAsync<T>(Func<SqliteConnection, T> use, CancellationToken cancellation) => Task.Run(
        () =>
        {
            lock (_using)
            {
                try
                {
                    using SqliteConnection? transient = _memory is null ? Open(SqliteOpenMode.ReadWrite) : null;
                    return use(_memory ?? transient!);
                }
                catch (Exception e) when (IsStoreFailure(e))
                {
                    throw Wrap(e);
                }
            }
        },
        cancellation);

    private NodeStoreException Wrap(Exception e) => new($"the node store {_location} failed: {e.Message}", e);
}

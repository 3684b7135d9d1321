using FnLb.Core.Nodes;
using FnLb.Host.CommandLine;
using Microsoft.Data.Sqlite;

namespace FnLb.Host.Stores;

/// <summary>The node list in SQLite, in the original's table; in memory, or in a file that balancers share.</summary>
/// <remarks>
/// What the original does not know, state and weight, is in columns of its table that have defaults: it goes on reading
/// and adding nodes beside this one. They are added when the first state or weight is set, not before.
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

    public Task AddAsync(NodeEntry entry, CancellationToken cancellation) =>
        UseAsync(connection => Add(connection, entry), cancellation);

    public Task<bool> ChangeAsync(NodeAddress node, NodeChange change, CancellationToken cancellation) =>
        UseAsync(connection => Change(connection, node, change), cancellation);

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

    private static int Add(SqliteConnection connection, NodeEntry entry)
    {
        int added = Execute(
            connection, "INSERT OR IGNORE INTO lb_nodes (address) VALUES ($address)", ("$address", entry.Address.Text));
        NodeChange beyondDefaults = NodeRow.BeyondDefaults(entry);
        if (added > 0 && !beyondDefaults.IsEmpty)
        {
            Change(connection, entry.Address, beyondDefaults);
        }

        return added;
    }

    private static bool Change(SqliteConnection connection, NodeAddress node, NodeChange change)
    {
        // Immediate: two balancers that both find the columns missing must not both add them.
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        List<NodeRow> rows = Rows(connection, out bool hasColumns);
        if (!change.IsEmpty && !hasColumns)
        {
            Execute(connection, "ALTER TABLE lb_nodes ADD COLUMN state text NOT NULL DEFAULT 'active'");
            Execute(connection, "ALTER TABLE lb_nodes ADD COLUMN weight real NOT NULL DEFAULT 1");
        }

        int found = 0;
        foreach (NodeRow row in rows.Where(row => row.Names(node)))
        {
            found += change.IsEmpty ? 1 : Execute(
                connection,
                "UPDATE lb_nodes SET state = coalesce($state, state), weight = coalesce($weight, weight) "
                    + "WHERE address = $address",
                ("$address", row.Address), ("$state", NodeRow.Word(change.State)), ("$weight", change.Weight));
        }

        transaction.Commit();
        return found > 0;
    }

    private static bool Remove(SqliteConnection connection, string node)
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        bool isAddress = NodeAddress.TryParse(node, out NodeAddress address, out _);
        int removed = 0;
        foreach (NodeRow row in Rows(connection, out _))
        {
            if ((isAddress && row.Names(address)) || row.Address == node)
            {
                removed += Execute(
                    connection, "DELETE FROM lb_nodes WHERE address = $address", ("$address", row.Address));
            }
        }

        transaction.Commit();
        return removed > 0;
    }

    private static List<NodeRow> Rows(SqliteConnection connection, out bool hasColumns)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT * FROM lb_nodes";
        using SqliteDataReader reader = command.ExecuteReader();
        List<string> columns = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
        int state = columns.IndexOf("state");
        int weight = columns.IndexOf("weight");
        int address = columns.IndexOf("address");
        hasColumns = state >= 0 && weight >= 0;
        List<NodeRow> rows = [];
        while (reader.Read())
        {
            rows.Add(hasColumns
                ? new NodeRow(reader.GetString(address), reader.GetString(state), reader.GetValue(weight) as double?)
                : new NodeRow(reader.GetString(address), NodeRow.Word(AdministrativeState.Active), 1));
        }

        return rows;
    }

    private static int Execute(
        SqliteConnection connection, string statement, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = statement;
        foreach ((string name, object? value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command.ExecuteNonQuery();
    }

    private static bool IsStoreFailure(Exception e) =>
        e is SqliteException or IOException or UnauthorizedAccessException or ArgumentException;

    private List<NodeEntry> List(SqliteConnection connection)
    {
        List<NodeEntry> entries = [];
        foreach (NodeRow row in Rows(connection, out _))
        {
            NodeEntry? entry = row.ToEntry(out string? error);
            if (entry is not null)
            {
                entries.Add(entry);
            }

            if (error is not null && _badRows.Count < BadRowsRemembered && _badRows.Add(row.ToString()))
            {
                Action<ILogger, string> report = entry is null ? StoreLog.BadRow : StoreLog.BadColumn;
                report(_logger, error);
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

using System.Data.Common;
using FnLb.Core.Nodes;

namespace FnLb.Host.Stores;

/// <summary>The node list in the original's table of a database that balancers share.</summary>
/// <remarks>
/// What the original does not know (state, weight, note) is in columns of its table that have defaults: it goes on
/// reading and adding nodes beside this one. They are added when the first of them is set, not before.
/// No transactions: each statement changes one row by its key, with all of its columns, and to do it twice comes to the
/// same.
/// </remarks>
internal sealed class SqlNodeStore(SqlDatabase database, ILogger logger) : INodeStore
{
    private const int BadRowsRemembered = 1000;

    private readonly HashSet<string> _badRows = [];

    /// <summary>The balancers that share the list.</summary>
    public BalancerTable Balancers { get; } = new(database);

    private SqlDialect Dialect => database.Dialect;

    public TimeSpan ListAge => TimeSpan.Zero;

    public Task<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancellation) =>
        database.UseAsync<IReadOnlyList<NodeEntry>>(
            async connection => Entries(await RowsAsync(connection)), cancellation);

    public void Watch(Action changed) => Dialect.Watch(changed);

    public Task AddAsync(NodeEntry entry, CancellationToken cancellation) => database.UseAsync(
        async connection =>
        {
            // In one statement: a node that is to drain must not be active for a moment.
            List<(string Name, object Value)> columns =
            [
                ("address", entry.Address.Text),
                .. await ColumnsAsync(connection, NodeRow.BeyondDefaults(entry)),
            ];
            string names = string.Join(", ", columns.Select(column => column.Name));
            string values = string.Join(", ", columns.Select(column => $"@{column.Name}"));
            await Dialect.InsertNewAsync(connection, $"lb_nodes ({names}) VALUES ({values})", columns);
            return true;
        },
        cancellation);

    public Task<bool> ChangeAsync(NodeAddress node, NodeChange change, CancellationToken cancellation) =>
        database.UseAsync(connection => ChangeAsync(connection, node, change), cancellation);

    public Task<bool> RemoveAsync(string node, CancellationToken cancellation) => database.UseAsync(
        async connection =>
        {
            bool isAddress = NodeAddress.TryParse(node, out NodeAddress address, out _);
            int removed = 0;
            foreach (NodeRow row in await RowsAsync(connection))
            {
                if ((isAddress && row.Names(address)) || row.Address == node)
                {
                    removed += await connection.ExecuteAsync(
                        "DELETE FROM lb_nodes WHERE address = @address", ("address", row.Address));
                }
            }

            return removed > 0;
        },
        cancellation);

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private static Task<List<NodeRow>> RowsAsync(DbConnection connection) =>
        connection.QueryAsync("SELECT * FROM lb_nodes", Read);

    private static NodeRow Read(DbDataReader reader, Func<string, int> place)
    {
        int address = place("address");
        int state = place("state");
        int weight = place("weight");
        int note = place("note");
        return new NodeRow(
            address < 0
                ? throw new InvalidOperationException("its table lb_nodes has no column address")
                : reader.GetValue(address) as string ?? "",
            state < 0 ? NodeRow.Word(AdministrativeState.Active) : reader.GetValue(state) as string ?? "",
            weight < 0 ? 1 : reader.GetValue(weight) as double?,
            note < 0 ? "" : reader.GetValue(note) as string ?? "");
    }

    private async Task<bool> ChangeAsync(DbConnection connection, NodeAddress node, NodeChange change)
    {
        int found = 0;
        List<NodeRow> rows = await RowsAsync(connection);
        foreach (NodeRow row in rows.Where(row => row.Names(node)))
        {
            found += change.IsEmpty ? 1 : await UpdateAsync(connection, row.Address, change);
        }

        return found > 0;
    }

    private async Task<int> UpdateAsync(DbConnection connection, string address, NodeChange change)
    {
        List<(string Name, object Value)> columns = await ColumnsAsync(connection, change);
        return await connection.ExecuteAsync(
            $"UPDATE lb_nodes SET {string.Join(", ", columns.Select(column => $"{column.Name} = @{column.Name}"))} "
                + "WHERE address = @address",
            [("address", address), .. columns]);
    }

    // Makes those that are missing.
    private async Task<List<(string Name, object Value)>> ColumnsAsync(DbConnection connection, NodeChange change)
    {
        List<(string, object)> columns = [];
        if (change.State is { } state)
        {
            await RequireColumnAsync(connection, "state", $"{Dialect.KeyType} NOT NULL DEFAULT 'active'");
            columns.Add(("state", NodeRow.Word(state)));
        }

        if (change.Weight is { } weight)
        {
            await RequireColumnAsync(connection, "weight", $"{Dialect.NumberType} NOT NULL DEFAULT 1");
            columns.Add(("weight", weight));
        }

        if (change.Note is { } note)
        {
            await RequireColumnAsync(connection, "note", $"{Dialect.KeyType} NOT NULL DEFAULT ''");
            columns.Add(("note", note));
        }

        return columns;
    }

    private static async Task RequireColumnAsync(DbConnection connection, string name, string type)
    {
        if (await HasColumnAsync(connection, name))
        {
            return;
        }

        try
        {
            await connection.ExecuteAsync($"ALTER TABLE lb_nodes ADD COLUMN {name} {type}");
        }
        catch (DbException)
        {
            // Another balancer may have added it in between.
            if (!await HasColumnAsync(connection, name))
            {
                throw;
            }
        }
    }

    private static async Task<bool> HasColumnAsync(DbConnection connection, string name)
    {
        List<bool> found = await connection.QueryAsync(
            "SELECT * FROM lb_nodes LIMIT 1", (_, place) => place(name) >= 0);
        return found is [true];
    }

    private List<NodeEntry> Entries(List<NodeRow> rows)
    {
        List<NodeEntry> entries = [];
        foreach (NodeRow row in rows)
        {
            NodeEntry? entry = row.ToEntry(out string? error);
            if (entry is not null)
            {
                entries.Add(entry);
            }

            if (error is not null && _badRows.Count < BadRowsRemembered && _badRows.Add(row.ToString()))
            {
                Action<ILogger, string> report = entry is null ? StoreLog.BadRow : StoreLog.BadColumn;
                report(logger, error);
            }
        }

        return entries;
    }
}

using System.Data.Common;
using FnLb.Core.Nodes;
using FnLb.Host.CommandLine;
using FnLb.Host.Lifecycle;
using Microsoft.Extensions.Logging.Abstractions;

namespace FnLb.Host.Stores;

/// <summary>Looks whether a start could use the store, and makes nothing there: no folder, no file, no table.</summary>
internal static class StoreCheck
{
    // No such table, to PostgreSQL and to MySQL.
    private static readonly string[] NoTable = ["42P01", "42S02"];

    /// <returns>What there is, to follow the name of the store: <c>can be read: 3 nodes</c>.</returns>
    /// <exception cref="NodeStoreException">It cannot be used.</exception>
    public static Task<string> DescribeAsync(FnlbOptions options) => options.Store switch
    {
        SqliteLocation { Path: null } => Task.FromResult(Readable(0)),
        SqliteLocation { Path: { } path } when !File.Exists(path) => Task.FromResult(DescribeMissing(path)),
        SqliteLocation sqlite => ReadAsync(new SqliteDialect(sqlite, isReadOnly: true), sqlite),
        DatabaseLocation database => ReadAsync(
            NodeStores.DialectOf(database, NullLogger.Instance), database),
        _ => ListAsync(options),
    };

    private static string Readable(long nodes) => $"can be read: {nodes} nodes";

    // The start makes the folders that are missing: what matters is the first that is there.
    private static string DescribeMissing(string path)
    {
        string? folder = Path.GetDirectoryName(Path.GetFullPath(path));
        while (folder is not null && !Path.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return Directory.Exists(folder) && NativeCalls.CanWrite(folder)
            ? "is not there yet, and is made by the start"
            : throw new NodeStoreException($"{path} is not there and cannot be made in {folder}");
    }

    private static async Task<string> ReadAsync(SqlDialect dialect, StoreLocation location)
    {
        await using SqlDialect owned = dialect;
        try
        {
            await using DbConnection connection = await dialect.OpenAsync();
            try
            {
                List<string> nodes = await connection.QueryAsync(
                    "SELECT address FROM lb_nodes", (reader, place) => reader.GetString(place("address")));
                return Readable(nodes.Count);
            }
            catch (DbException e) when (NoTable.Contains(e.SqlState)
                || e.Message.Contains("no such table", StringComparison.Ordinal))
            {
                return "can be reached; its table is made by the start";
            }
        }
        catch (Exception e) when (dialect.IsFailure(e))
        {
            throw new NodeStoreException($"the node store {location} failed: {e.Message}", e);
        }
    }

    private static async Task<string> ListAsync(FnlbOptions options)
    {
        await using INodeStore store = NodeStores.Create(options, NullLogger.Instance);
        return Readable((await store.ListAsync(CancellationToken.None)).Count);
    }
}

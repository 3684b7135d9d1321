using System.Data.Common;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;

namespace FnLb.Host.Stores;

/// <summary>What differs between the databases; the statements of the stores are the same for all.</summary>
internal abstract class SqlDialect : IAsyncDisposable
{
    /// <summary>Whether a connection is kept for the next use.</summary>
    public abstract bool KeepsConnection { get; }

    /// <summary>Type of an address or a name, which are keys; not every database takes text for a key.</summary>
    public virtual string KeyType => "text";

    /// <summary>Type of a weight or a time.</summary>
    public virtual string NumberType => "double precision";

    /// <summary>Expression for the seconds since 1970 by the clock of the database, with their fraction.</summary>
    public abstract string Now { get; }

    /// <exception cref="DbException"/>
    public abstract Task<DbConnection> OpenAsync();

    /// <summary>Ends what <see cref="OpenAsync"/> gave.</summary>
    public virtual ValueTask CloseAsync(DbConnection connection) => connection.DisposeAsync();

    /// <summary>Makes table and trigger where they are missing. Called until it succeeded once.</summary>
    public virtual async Task PrepareAsync(DbConnection connection)
    {
        try
        {
            await connection.ExecuteAsync(
                $"CREATE TABLE IF NOT EXISTS lb_nodes (address {KeyType} NOT NULL PRIMARY KEY)");
        }
        catch (DbException)
        {
            // Who may not create tables is refused even when it is there, which is enough.
            try
            {
                await connection.ExecuteAsync("SELECT address FROM lb_nodes LIMIT 1");
                return;
            }
            catch (DbException)
            {
                // The reason is the first failure.
            }

            throw;
        }
    }

    /// <summary>Inserts a row in one statement; does nothing where its key is there.</summary>
    /// <param name="row">What follows INSERT INTO: table, columns and values.</param>
    public virtual Task InsertNewAsync(
        DbConnection connection, string row, IReadOnlyList<(string Name, object Value)> parameters) =>
        connection.ExecuteAsync($"INSERT INTO {row} ON CONFLICT DO NOTHING", parameters);

    /// <inheritdoc cref="Core.Nodes.INodeStore.Watch"/>
    public virtual void Watch(Action changed)
    {
        // Only some databases tell.
    }

    /// <summary>Whether an exception means that the database, and not this program, has failed.</summary>
    /// <remarks>The drivers say by an InvalidOperationException that the connection was lost before its use.</remarks>
    public virtual bool IsFailure(Exception e) =>
        e is DbException or IOException or SocketException or TimeoutException or AuthenticationException
            or CryptographicException or InvalidOperationException;

    public abstract ValueTask DisposeAsync();
}

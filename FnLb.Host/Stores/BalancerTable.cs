using System.Data.Common;
using System.Globalization;
using FnLb.Core.Nodes;

namespace FnLb.Host.Stores;

/// <summary>The balancers that share a database, in a table beside that of the nodes.</summary>
internal sealed class BalancerTable(SqlDatabase database)
{
    /// <summary>A balancer that was not heard of for so long is forgotten.</summary>
    private static readonly TimeSpan AgeMax = TimeSpan.FromMinutes(10);

    // A successor takes the name over while its predecessor still runs, which must not take the row away then.
    private readonly string _process = Guid.NewGuid().ToString("N");
    private bool _isThere;

    private SqlDialect Dialect => database.Dialect;

    /// <summary>Says that a balancer is there and what it knows; its age is not looked at.</summary>
    /// <returns>Whether another process was that balancer until now.</returns>
    /// <exception cref="NodeStoreException"/>
    public Task<bool> BeatAsync(BalancerRow balancer, CancellationToken cancellation) => database.UseAsync(
        async connection =>
        {
            bool wasAnother;
            try
            {
                wasAnother = await WriteAsync(connection, balancer);
            }
            catch (DbException) when (!_isThere)
            {
                // Only where it is missing: who may not create tables can still use one.
                await connection.ExecuteAsync(
                    $"CREATE TABLE IF NOT EXISTS lb_balancers (name {Dialect.KeyType} NOT NULL PRIMARY KEY, "
                        + $"address {Dialect.KeyType} NOT NULL, ring {Dialect.KeyType} NOT NULL, "
                        + $"health {Dialect.KeyType} NOT NULL, process {Dialect.KeyType} NOT NULL, "
                        + $"beat {Dialect.NumberType} NOT NULL)");
                wasAnother = await WriteAsync(connection, balancer);
            }

            _isThere = true;
            await connection.ExecuteAsync(
                $"DELETE FROM lb_balancers WHERE beat < {Dialect.Now} - @age", ("age", AgeMax.TotalSeconds));
            return wasAnother;
        },
        cancellation);

    /// <exception cref="NodeStoreException"/>
    public Task<List<BalancerRow>> ListAsync(CancellationToken cancellation) => database.UseAsync(
        connection => connection.QueryAsync(
            $"SELECT name, address, ring, health, {Dialect.Now} - beat AS age FROM lb_balancers",
            (reader, _) => new BalancerRow(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3),
                TimeSpan.FromSeconds(Convert.ToDouble(reader.GetValue(4), CultureInfo.InvariantCulture)))),
        cancellation);

    /// <summary>Says that this process no longer is that balancer.</summary>
    /// <exception cref="NodeStoreException"/>
    public Task LeaveAsync(string name, CancellationToken cancellation) => database.UseAsync(
        connection => connection.ExecuteAsync(
            "DELETE FROM lb_balancers WHERE name = @name AND process = @process",
            ("name", name), ("process", _process)),
        cancellation);

    private async Task<bool> WriteAsync(DbConnection connection, BalancerRow balancer)
    {
        (string, object)[] values =
        [
            ("name", balancer.Name), ("address", balancer.Address), ("ring", balancer.Ring),
            ("health", balancer.Health), ("process", _process),
        ];
        string update = "UPDATE lb_balancers SET address = @address, ring = @ring, health = @health, "
            + $"process = @process, beat = {Dialect.Now} WHERE name = @name";
        if (await connection.ExecuteAsync($"{update} AND process = @process", values) > 0)
        {
            return false;
        }

        if (await connection.ExecuteAsync(update, values) > 0)
        {
            return true;
        }

        await Dialect.InsertNewAsync(
            connection,
            "lb_balancers (name, address, ring, health, process, beat) "
                + $"VALUES (@name, @address, @ring, @health, @process, {Dialect.Now})",
            values);
        return false;
    }
}

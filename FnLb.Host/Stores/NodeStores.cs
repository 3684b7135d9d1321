using FnLb.Core.Nodes;
using FnLb.Host.CommandLine;
using FnLb.Host.Stores.Kubernetes;

namespace FnLb.Host.Stores;

/// <summary>Makes the store that the options ask for; nothing of the others is touched.</summary>
internal static class NodeStores
{
    /// <summary>For the reading itself, and for balancers that are busy.</summary>
    private static readonly TimeSpan ReadSlack = TimeSpan.FromSeconds(1);

    /// <returns>A store that has not connected yet.</returns>
    /// <exception cref="NodeStoreException">What it needs from this machine is missing.</exception>
    public static INodeStore Create(FnlbOptions options, ILogger logger) => options.Store switch
    {
        SqliteLocation sqlite => OnSql(new SqliteDialect(sqlite), sqlite, logger),
        DatabaseLocation database => OnSql(DialectOf(database, logger), database, logger),
        KubernetesLocation => OnKubernetes(options.Kubernetes),
        _ => throw new ArgumentException($"{options.Store}"),
    };

    /// <summary>For a database server.</summary>
    public static SqlDialect DialectOf(DatabaseLocation database, ILogger logger) =>
        database.Kind == DatabaseKind.Postgres
            ? new PostgresDialect(database, logger)
            : new MySqlDialect(database);

    /// <summary>The balancers that share the store; null where it keeps none, or nobody can share it.</summary>
    public static BalancerTable? BalancersOf(INodeStore store, StoreLocation location) =>
        location is SqliteLocation { Path: null } ? null : (store as SqlNodeStore)?.Balancers;

    /// <summary>
    /// In so long every balancer that shares the store has read a change, if all look as often as this one; zero where
    /// nobody can share it.
    /// </summary>
    /// <remarks>
    /// Also where the store tells of changes: what it tells may be lost with a connection.
    /// </remarks>
    public static TimeSpan OthersLearnWithin(StoreLocation location, TimeSpan interval) =>
        location is SqliteLocation { Path: null } ? TimeSpan.Zero : interval + ReadSlack;

    private static KubernetesNodeStore OnKubernetes(KubernetesOptions options)
    {
        KubernetesAccess access = KubernetesAccess.From(options);
        return new KubernetesNodeStore(access, new KubernetesResource(options, access.Namespace));
    }

    private static SqlNodeStore OnSql(SqlDialect dialect, StoreLocation location, ILogger logger) =>
        new(new SqlDatabase(dialect, location.ToString()), logger);
}

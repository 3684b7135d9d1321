using FnLb.Host.CommandLine;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests;

/// <summary>One server of each kind for all tests, started when the first test needs it; each test has a database of
/// its own in it.</summary>
[SetUpFixture]
public sealed class DatabaseServers
{
    private static readonly SemaphoreSlim Starting = new(1);
    private static readonly Dictionary<DatabaseKind, DatabaseServer> Running = [];

    [OneTimeTearDown]
    public void EndThem()
    {
        foreach (DatabaseServer server in Running.Values)
        {
            server.Dispose();
        }
    }

    internal static async Task<DatabaseServer> GetAsync(DatabaseKind kind)
    {
        await Starting.WaitAsync();
        try
        {
            if (Running.TryGetValue(kind, out DatabaseServer? running))
            {
                return running;
            }

            DatabaseServer server = kind == DatabaseKind.Postgres ? new PostgresServer() : new MariaDbServer();
            Running[kind] = server;
            await server.StartAsync();
            return server;
        }
        finally
        {
            Starting.Release();
        }
    }
}

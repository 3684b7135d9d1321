using System.Net;
using FnLb.Host.CommandLine;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Faults;

/// <summary>The database of the node list dies under load, and comes back.</summary>
[TestFixture("Postgres")]
[TestFixture("MySql")]
public sealed class StoreDownTests(string kind) : FaultTest
{
    [Test]
    public async Task A_store_that_dies_and_comes_back_costs_no_call()
    {
        DatabaseServer server = await DatabaseServers.GetAsync(Enum.Parse<DatabaseKind>(kind));
        string database = await server.CreateDatabaseAsync();
        FnlbProcess fnlb = await StartFnlbAsync(
            [Own(EchoNode.Start()), Own(EchoNode.Start())], $"-db={server.Url(database)}");

        await MeasureAsync($"store killed and started again ({kind})", fnlb, Promise.NoCallFails, async () =>
        {
            server.Kill();
            (HttpStatusCode status, string told) = await fnlb.Admin.AddAsync("127.0.0.1:1");
            Assert.That(status, Is.EqualTo(HttpStatusCode.ServiceUnavailable), told);
            await LastAsync();
            await server.StartAsync();
            await Eventually.HoldsAsync(
                async () => (await fnlb.Admin.RemoveAsync("127.0.0.1:1")).Status != HttpStatusCode.ServiceUnavailable,
                "changes are taken again");
        });
    }
}

using System.Diagnostics;
using System.Net;
using FnLb.Host.CommandLine;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Faults;

/// <summary>A database that is down, slow or read-only, and comes back: calls never notice.</summary>
[TestFixture("Postgres")]
[TestFixture("MySql")]
public sealed class StoreFaultTests(string kind) : EndToEndTest
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(40);

    private DatabaseServer? _server;
    private string _database = "";

    private DatabaseServer Server => _server!;

    private string Unreachable => kind == "Postgres" ? "Connection refused" : "Unable to connect";

    private string[] Flags => [$"-db={Server.Url(_database)}", "-hc-interval=200ms", "-slow-start=0"];

    [SetUp]
    public async Task CreateTheDatabase()
    {
        _server = await DatabaseServers.GetAsync(Enum.Parse<DatabaseKind>(kind));
        _database = await Server.CreateDatabaseAsync();
    }

    [Test]
    public async Task While_it_is_down_calls_and_reads_go_on_and_a_change_is_answered_503_with_the_reason()
    {
        ScriptedNode node = StartNode();
        ScriptedNode late = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node, Flags);
        RawClient client = await ConnectAsync(fnlb);

        Server.Kill();
        try
        {
            await Eventually.HoldsAsync(async () => await MetricAsync(fnlb, "fnlb_store_up") == 0, "it is noticed");
            (HttpStatusCode status, string body) = await fnlb.Admin.AddAsync(late.Address);
            Assert.That(status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(body, Does.Contain(_database).And.Contain(Unreachable));
            Assert.That(body, Does.Not.Contain(DatabaseServer.Password));
            Assert.That((await fnlb.Admin.NodesAsync()).Keys, Is.EqualTo((string[])[node.Address]));
            Assert.That((await client.GetAsync("/r/app/f")).Status, Is.EqualTo(200));
            await Eventually.HoldsAsync(
                async () => await MetricAsync(fnlb, "fnlb_store_list_age_seconds") > 1, "the list grows old");
            (HttpStatusCode ready, string told) = await fnlb.Admin.SendAsync(HttpMethod.Get, "/readyz");
            Assert.That((ready, told.Contains(Unreachable, StringComparison.Ordinal)),
                Is.EqualTo((HttpStatusCode.OK, true)), told);
        }
        finally
        {
            await Server.StartAsync();
        }

        await Server.ExecuteAsync(_database, $"INSERT INTO lb_nodes (address) VALUES ('{late.Address}')");
        await fnlb.Admin.WaitForStateAsync(late.Address, "online", Long);
        Assert.That(await MetricAsync(fnlb, "fnlb_store_up"), Is.EqualTo(1));
        Assert.That((await fnlb.Admin.RemoveAsync(late.Address)).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(fnlb.Error, Does.Contain("The last known list of 1 nodes serves on"));
        Assert.That(fnlb.Error, Does.Not.Contain(DatabaseServer.Password));
    }

    [Test]
    public async Task While_it_is_paused_calls_go_on_and_a_change_is_answered_in_time()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node, Flags);
        RawClient client = await ConnectAsync(fnlb);

        Server.Pause();
        try
        {
            long started = Stopwatch.GetTimestamp();
            Task<(HttpStatusCode Status, string Body)> adding = fnlb.Admin.AddAsync("127.0.0.1:1");
            int calls = 0;
            while (!adding.IsCompleted)
            {
                Assert.That((await client.GetAsync("/r/app/f")).Status, Is.EqualTo(200));
                Assert.That(await fnlb.Admin.NodesAsync(), Has.Count.EqualTo(1));
                calls++;
            }

            TimeSpan took = Stopwatch.GetElapsedTime(started);
            Assert.That((await adding).Status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));

            // The driver's own limit is as long: either may be first, and both say so.
            Assert.That((await adding).Body, Does.Match("did not answer within 5 s|[Tt]ime(d )?out"));
            Assert.That(took.TotalSeconds, Is.LessThan(7), $"{calls} calls");
        }
        finally
        {
            Server.Resume();
        }

        await Eventually.HoldsAsync(
            async () => (await fnlb.Admin.AddAsync("127.0.0.1:1")).Status == HttpStatusCode.OK, "changes work", Long);
    }

    [Test]
    public async Task A_list_that_cannot_be_changed_serves_and_a_change_says_why()
    {
        ScriptedNode node = StartNode(SteadyLoad.EchoAsync);
        string[] flags = [.. Flags[1..], $"-db={await UrlOfPlainUserAsync()}"];
        FnlbProcess fnlb = await StartFnlbAsync(node, flags);
        await using SteadyLoad load = SteadyLoad.Start(fnlb.Port, clients: 4);

        await SetReadOnlyAsync(true);
        try
        {
            await Eventually.HoldsAsync(
                async () => (await fnlb.Admin.AddAsync("127.0.0.1:1")).Body.Contains(
                    "read-only", StringComparison.Ordinal),
                "the reason is told");
            (HttpStatusCode Status, string Body) adding = await fnlb.Admin.AddAsync("127.0.0.1:1");
            (HttpStatusCode Status, string Body) removing = await fnlb.Admin.RemoveAsync(node.Address);
            await load.WaitForMoreAsync(100);
            FnlbProcess second = await StartFnlbAsync(node, flags);

            HttpStatusCode[] refusals = [adding.Status, removing.Status];
            Assert.That(refusals, Is.All.EqualTo(HttpStatusCode.ServiceUnavailable), removing.Body);
            Assert.That(adding.Body + removing.Body, Does.Not.Contain(DatabaseServer.Password));
            Assert.That(await MetricAsync(fnlb, "fnlb_store_up"), Is.EqualTo(1), "the list can still be read");
            Assert.That((await second.Admin.NodesAsync()).Keys, Is.EqualTo((string[])[node.Address]));
        }
        finally
        {
            await SetReadOnlyAsync(false);
        }

        await Eventually.HoldsAsync(
            async () => (await fnlb.Admin.AddAsync("127.0.0.1:1")).Status == HttpStatusCode.OK, "changes work", Long);
        await load.StopAsync();
        Assert.That(load.Failures, Is.Empty);
    }

    [Test]
    public async Task At_start_it_is_waited_for_and_then_the_start_fails_with_one_line()
    {
        int port = FreePort.Next();
        Server.Stop();
        try
        {
            ProcessExit exit = await FnlbProcess.RunAsync(
                [$"-listen=127.0.0.1:{port}", "-mgmt-listen=127.0.0.1:0", .. Flags, "-store-wait=1s"]);

            Assert.That(exit.Code, Is.EqualTo(1), exit.ToString());
            Assert.That(exit.ErrorLines.Count(line => line.Contains("Waiting up to")), Is.EqualTo(1), exit.Error);
            Assert.That(exit.ErrorLines.Last(), Does.StartWith("fnlb: -db: the node store").And.Contain(Unreachable));
            Assert.That(exit.Error, Does.Not.Contain(DatabaseServer.Password));
        }
        finally
        {
            await Server.StartAsync();
        }
    }

    [Test]
    public async Task A_signal_ends_the_waiting()
    {
        Server.Stop();
        try
        {
            int port = FreePort.Next();
            using FnlbProcess fnlb = FnlbProcess.Launch(
                port, port, [$"-listen=127.0.0.1:{port}", "-mgmt-listen=127.0.0.1:0", .. Flags]);
            await Eventually.HoldsAsync(
                () => fnlb.Error.Contains("Waiting up to 30 s", StringComparison.Ordinal), "it waits");

            fnlb.Signal(Signals.Terminate);

            Assert.That((await fnlb.WaitForExitAsync(TimeSpan.FromSeconds(5))).Code, Is.Zero);
        }
        finally
        {
            await Server.StartAsync();
        }
    }

    [Test]
    public async Task With_nodes_of_its_own_it_starts_without_and_adds_them_when_the_database_is_there()
    {
        ScriptedNode node = StartNode();
        Server.Stop();
        try
        {
            FnlbProcess fnlb = await StartFnlbAsync(node, [.. Flags, "-store-wait=0"]);
            Assert.That((await (await ConnectAsync(fnlb)).GetAsync("/r/app/f")).Status, Is.EqualTo(200));
            Assert.That(fnlb.Error, Does.Contain("Starting without the store on 1 nodes that are known"));
        }
        finally
        {
            await Server.StartAsync();
        }

        await Eventually.HoldsAsync(
            async () => await QueryAsync("SELECT max(address) FROM lb_nodes") as string == node.Address,
            "the node is in the database", Long);
    }

    private static async Task<double> MetricAsync(FnlbProcess fnlb, string name) =>
        new PrometheusText((await fnlb.Admin.SendAsync(HttpMethod.Get, "/metrics")).Body)[name];

    // MariaDB exempts administrators, such as the user of the other tests.
    private async Task<string> UrlOfPlainUserAsync()
    {
        string url = Server.Url(_database);
        if (kind == "Postgres")
        {
            return url;
        }

        await Server.ExecuteAsync(
            null, $"GRANT ALL ON {_database}.* TO 'plain'@'%' IDENTIFIED BY '{DatabaseServer.Password}'");
        return url.Replace($"//{DatabaseServer.User}:", "//plain:", StringComparison.Ordinal);
    }

    // Of the whole server in MariaDB, which has no other way.
    private async Task SetReadOnlyAsync(bool isReadOnly)
    {
        string value = isReadOnly ? "on" : "off";
        if (kind == "Postgres")
        {
            await Server.ExecuteAsync(null, $"ALTER DATABASE {_database} SET default_transaction_read_only = {value}");
            await Server.ExecuteAsync(
                null, $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{_database}'");
        }
        else
        {
            await Server.ExecuteAsync(null, $"SET GLOBAL read_only = {value}");
        }
    }

    private async Task<object?> QueryAsync(string query)
    {
        try
        {
            return await Server.ExecuteAsync(_database, query);
        }
        catch (System.Data.Common.DbException)
        {
            // The table is not there yet.
            return null;
        }
    }
}

using System.Net;
using FnLb.Tests.Harness;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace FnLb.Tests.EndToEnd;

/// <summary>The node list in a SQLite file.</summary>
public sealed class StoreTests : EndToEndTest
{
    private string DatabasePath => Folder.In("fnlb.db");

    private string DatabaseFlag => $"-db=sqlite3://{DatabasePath}";

    [Test]
    public async Task Nodes_in_a_file_are_there_after_a_restart()
    {
        ScriptedNode node = StartNode();
        FnlbProcess first = await StartFnlbAsync([], DatabaseFlag);
        await first.Admin.AddAsync(node.Address);
        ExpectExit(first);
        first.Signal(Signals.Terminate);
        await first.WaitForExitAsync(TimeSpan.FromSeconds(5));

        FnlbProcess second = await StartFnlbAsync([], DatabaseFlag);

        await second.Admin.WaitForStateAsync(node.Address, "online");
        Assert.That((await (await ConnectAsync(second)).GetAsync("/r/app/f")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_node_that_was_drained_and_removed_through_one_balancer_can_be_stopped_at_once()
    {
        ScriptedNode[] nodes = [StartNode(SteadyLoad.EchoAsync), StartNode(SteadyLoad.EchoAsync)];
        string[] flags = [DatabaseFlag, "-hc-interval=1"];
        FnlbProcess first = await StartFnlbAsync(nodes, flags);
        FnlbProcess second = await StartFnlbAsync(nodes, flags);
        await using SteadyLoad load = SteadyLoad.Start(second.Port, clients: 16);
        await load.WaitForMoreAsync(500);

        (HttpStatusCode status, string body) = await first.Admin.SendAsync(
            HttpMethod.Delete, "/1/lb/nodes?drain=5s", $$"""{"node":"{{nodes[0].Address}}"}""");
        nodes[0].Kill();
        await load.WaitForMoreAsync(500);
        await load.StopAsync();

        Assert.That((status, body), Is.EqualTo((HttpStatusCode.OK, "{\"msg\":\"node deleted\"}\n")));
        Assert.That(load.Failures, Is.Empty);
    }

    [Test]
    public async Task Nodes_in_memory_are_gone_after_a_restart()
    {
        ScriptedNode node = StartNode();
        FnlbProcess first = await StartFnlbAsync([]);
        await first.Admin.AddAsync(node.Address);
        ExpectExit(first);
        first.Signal(Signals.Terminate);
        await first.WaitForExitAsync(TimeSpan.FromSeconds(5));

        FnlbProcess second = await StartFnlbAsync([]);

        Assert.That(await second.Admin.NodesAsync(), Is.Empty);
    }

    [Test]
    public async Task A_table_written_by_the_original_opens_as_it_is_and_a_bad_row_in_it_is_skipped_and_logged()
    {
        ScriptedNode node = StartNode();
        Execute(
            "CREATE TABLE IF NOT EXISTS lb_nodes (address text NOT NULL PRIMARY KEY)",
            $"INSERT INTO lb_nodes (address) VALUES ('{node.Address}'), ('a b:80')");

        FnlbProcess fnlb = await StartFnlbAsync([], DatabaseFlag);

        await fnlb.Admin.WaitForStateAsync(node.Address, "online");
        Assert.That((await fnlb.Admin.NodesAsync()).Keys, Is.EqualTo((string[])[node.Address]));
        await Eventually.HoldsAsync(() => fnlb.Error.Contains("a b:80", StringComparison.Ordinal), "a log line");
    }

    [Test]
    public async Task A_node_that_another_process_writes_into_the_file_is_found()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync([], DatabaseFlag, "-hc-interval=1");

        Execute($"INSERT INTO lb_nodes (address) VALUES ('{node.Address}')");

        await fnlb.Admin.WaitForStateAsync(node.Address, "online");
    }

    [Test]
    public async Task A_file_that_is_no_database_ends_the_start_with_one_line()
    {
        await File.WriteAllTextAsync(DatabasePath, string.Concat(Enumerable.Repeat("this is no database\n", 100)));

        ProcessExit exit = await FnlbProcess.RunAsync(
            [$"-listen=127.0.0.1:{FreePort.Next()}", $"-mgmt-listen=127.0.0.1:{FreePort.Next()}", DatabaseFlag]);

        Assert.That(exit.Code, Is.EqualTo(1), exit.ToString());
        int lines = exit.ErrorLines.Count(line => line.Contains(DatabasePath, StringComparison.Ordinal));
        Assert.That(lines, Is.EqualTo(1), exit.Error);
    }

    private void Execute(params string[] statements)
    {
        using SqliteConnection connection = new($"Data Source={DatabasePath};Pooling=False");
        connection.Open();
        foreach (string statement in statements)
        {
            using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are literals of these tests.
            command.CommandText = statement;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }
    }
}

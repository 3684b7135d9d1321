using System.Data.Common;
using System.Diagnostics;
using FnLb.Core.Nodes;
using FnLb.Host.CommandLine;
using FnLb.Host.Stores;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Host.Stores;

/// <summary>The store on real servers: what SQLite does, they must do.</summary>
[TestFixture("Postgres")]
[TestFixture("MySql")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DatabaseNodeStoreTests(string kind)
{
    private readonly RecordedLog _log = new();
    private readonly List<INodeStore> _stores = [];
    private DatabaseServer? _server;
    private string _database = "";

    private DatabaseServer Server => _server!;

    private bool IsPostgres => kind == "Postgres";

    [SetUp]
    public async Task CreateTheDatabase()
    {
        _server = await DatabaseServers.GetAsync(Enum.Parse<DatabaseKind>(kind));
        _database = await Server.CreateDatabaseAsync();
    }

    [TearDown]
    public async Task CloseTheStores()
    {
        foreach (INodeStore store in _stores)
        {
            await store.DisposeAsync();
        }
    }

    [Test]
    public async Task Adding_and_removing_twice_is_the_same_as_once()
    {
        INodeStore store = Open();

        await store.AddAsync(Entries.Of("a:1"), default);
        await store.AddAsync(Entries.Of("a:1"), default);
        await store.AddAsync(Entries.Of("b:1"), default);
        bool[] removed = [await store.RemoveAsync("a:1", default), await store.RemoveAsync("a:1", default)];

        Assert.That(removed, Is.EqualTo((bool[])[true, false]));
        Assert.That(await ListAsync(store), Is.EqualTo((string[])["b:1"]));
    }

    [Test]
    public async Task State_weight_and_note_are_kept_and_other_balancers_read_them()
    {
        INodeStore store = Open();
        await store.AddAsync(Entries.Of("a:1"), default);
        await store.AddAsync(Entries.Of("b:1") with { Weight = 0.5, Note = "küche 'n' \"q\"" }, default);

        bool[] found =
        [
            await store.ChangeAsync(
                Entries.Address("A:1"), new NodeChange { State = AdministrativeState.Draining }, default),
            await store.ChangeAsync(Entries.Address("c:1"), new NodeChange { Weight = 2 }, default),
            await store.ChangeAsync(Entries.Address("a:1"), new NodeChange { Weight = 3 }, default),
            await store.ChangeAsync(Entries.Address("a:1"), new NodeChange { Weight = 3 }, default),
        ];

        Assert.That(found, Is.EqualTo((bool[])[true, false, true, true]));
        Assert.That(await Open().ListAsync(default), Is.EquivalentTo((NodeEntry[])
        [
            Entries.Of("a:1") with { State = AdministrativeState.Draining, Weight = 3 },
            Entries.Of("b:1") with { Weight = 0.5, Note = "küche 'n' \"q\"" },
        ]));
    }

    [Test]
    public async Task A_table_of_the_original_gets_columns_only_when_they_are_needed_and_serves_both_after_that()
    {
        string type = IsPostgres ? "text" : "varchar(200)";
        await ExecuteAsync($"CREATE TABLE lb_nodes (address {type} NOT NULL PRIMARY KEY)");
        await ExecuteAsync("INSERT INTO lb_nodes (address) VALUES ('a:1'), ('a b:80')");
        INodeStore store = Open();
        INodeStore second = Open();
        await store.AddAsync(Entries.Of("b:1"), default);
        long columnsBefore = await CountColumnsAsync();

        NodeChange drain = new() { State = AdministrativeState.Draining };
        await Task.WhenAll(
            store.ChangeAsync(Entries.Address("a:1"), drain, default),
            second.ChangeAsync(Entries.Address("b:1"), drain, default));
        await ExecuteAsync("INSERT INTO lb_nodes (address) VALUES ('c:1')");

        Assert.That((columnsBefore, await CountColumnsAsync()), Is.EqualTo((1, 2)));
        Assert.That(await store.ListAsync(default), Is.EquivalentTo((NodeEntry[])
        [
            Entries.Of("a:1") with { State = AdministrativeState.Draining },
            Entries.Of("b:1") with { State = AdministrativeState.Draining },
            Entries.Of("c:1"),
        ]));
        Assert.That(_log.Lines, Has.Exactly(1).StartsWith("Warning 4000").And.Contains("a b:80"));
        Assert.That(await store.RemoveAsync("a b:80", default), Is.True);
    }

    [Test]
    public async Task Many_balancers_may_start_at_once()
    {
        INodeStore[] stores = [.. Enumerable.Range(0, 8).Select(_ => Open())];

        await Task.WhenAll(stores.Select((store, i) => store.AddAsync(Entries.Of($"n{i % 4}:1"), default)));

        Assert.That(await ListAsync(stores[0]), Has.Length.EqualTo(4));
    }

    [Test]
    public async Task After_a_restart_of_the_server_the_next_use_works()
    {
        INodeStore store = Open();
        await store.AddAsync(Entries.Of("a:1"), default);

        Server.Stop();
        string failure = await FailureAsync(() => store.ListAsync(default));
        await Server.StartAsync();

        Assert.That(failure, Does.Contain(_database).And.Not.Contain(DatabaseServer.Password));
        Assert.That(await ListAsync(store), Is.EqualTo((string[])["a:1"]));
        Server.Stop();
        await Server.StartAsync();
        Assert.That(await ListAsync(store), Is.EqualTo((string[])["a:1"]), "the broken connection is replaced");
    }

    [Test]
    public async Task A_table_that_was_dropped_is_a_failure_and_not_an_empty_cluster()
    {
        INodeStore store = Open();
        await store.AddAsync(Entries.Of("a:1"), default);

        await ExecuteAsync("DROP TABLE lb_nodes");

        Assert.That(await FailureAsync(() => store.ListAsync(default)), Does.Contain("lb_nodes"));
    }

    [Test]
    public async Task A_wrong_password_is_told_without_the_right_or_the_wrong_one()
    {
        string url = Server.Url(_database).Replace(DatabaseServer.Password, "wr0ng", StringComparison.Ordinal);

        string failure = await FailureAsync(() => Open(url).ListAsync(default));

        Assert.That(failure, Does.Contain(DatabaseServer.User).And.Not.Contain("wr0ng"));
        Assert.That(failure, Does.Not.Contain(DatabaseServer.Password));
    }

    [Test]
    public async Task Who_may_only_read_still_has_the_list_and_is_told_why_a_change_fails()
    {
        await Open().AddAsync(Entries.Of("a:1"), default);
        INodeStore store = Open(UrlOf(await CreateUserAsync("SELECT")));

        Assert.That(await ListAsync(store), Is.EqualTo((string[])["a:1"]));
        Assert.That(
            await FailureAsync(() => store.AddAsync(Entries.Of("b:1"), default)), Does.Contain("denied"));
    }

    [Test]
    public async Task A_node_is_added_with_its_state_in_one_statement()
    {
        await Open().AddAsync(
            Entries.Of("a:1") with { State = AdministrativeState.Draining, Weight = 2, Note = "n" }, default);
        string user = await CreateUserAsync("SELECT, INSERT");
        NodeEntry entry = Entries.Of("b:1") with { State = AdministrativeState.Draining, Weight = 2, Note = "n" };

        INodeStore store = Open(UrlOf(user));
        await store.AddAsync(entry, default);
        await store.AddAsync(entry with { Weight = 3 }, default);

        Assert.That(await store.ListAsync(default), Has.Count.EqualTo(2).And.Contain(entry));
    }

    [Test]
    public async Task An_address_that_the_column_cannot_hold_is_refused_and_not_cut()
    {
        await ExecuteAsync("CREATE TABLE lb_nodes (address varchar(10) NOT NULL PRIMARY KEY)");
        INodeStore store = Open();

        string failure = await FailureAsync(() => store.AddAsync(Entries.Of("a-longer-name:80"), default));

        Assert.That(failure, Does.Contain("too long"));
        Assert.That(await ListAsync(store), Is.Empty);
    }

    [Test]
    public async Task A_table_without_the_column_is_a_failure_that_says_so()
    {
        await ExecuteAsync("CREATE TABLE lb_nodes (name varchar(10) NOT NULL PRIMARY KEY)");
        await ExecuteAsync("INSERT INTO lb_nodes VALUES ('a:1')");

        Assert.That(
            await FailureAsync(() => Open().ListAsync(default)), Does.EndWith("table lb_nodes has no column address"));
    }

    [Test]
    public async Task What_fails_is_tried_again_only_where_the_connection_was_lost()
    {
        Assert.That(StoreLocation.Parse(Server.Url(_database), out StoreLocation location), Is.Null);
        DatabaseLocation database = (DatabaseLocation)location;
        await using SqlDatabase used = new(
            IsPostgres ? new PostgresDialect(database, _log) : new MySqlDialect(database), "shown");
        await used.UseAsync(_ => Task.FromResult(true), default);
        int refused = 0;
        int lost = 0;

        string refusal = await FailureAsync(() => used.UseAsync(
            connection =>
            {
                refused++;
                return connection.ExecuteAsync("SELECT no_such_column FROM lb_nodes");
            },
            default));
        await used.UseAsync(_ => Task.FromResult(true), default);
        await used.UseAsync(
            async connection =>
            {
                if (lost++ == 0)
                {
                    // As a keep-alive does that fails between two uses.
                    await connection.CloseAsync();
                }

                return await connection.ExecuteAsync("SELECT 1");
            },
            default);

        Assert.That(refusal, Does.Contain("no_such_column"));
        Assert.That((refused, lost), Is.EqualTo((1, 2)));
    }

    [Test]
    public async Task PostgreSQL_tells_of_changes_by_anybody_at_once_and_after_a_restart_again()
    {
        Assume.That(IsPostgres, "MySQL and MariaDB tell nobody");
        INodeStore store = Open();
        await store.ListAsync(default);
        int told = 0;
        store.Watch(() => Interlocked.Increment(ref told));
        await Eventually.HoldsAsync(() => told > 0, "told once when it listens");

        foreach (string change in (string[])
            ["INSERT INTO lb_nodes VALUES ('a:1')", "UPDATE lb_nodes SET address = 'b:1'", "DELETE FROM lb_nodes"])
        {
            int before = told;
            long started = Stopwatch.GetTimestamp();
            await ExecuteAsync(change);
            await Eventually.HoldsAsync(() => told > before, $"told of {change}");
            TestContext.Out.WriteLine($"{Stopwatch.GetElapsedTime(started).TotalMilliseconds:0.0} ms: {change}");
        }

        Server.Kill();
        await Server.StartAsync();
        await Eventually.HoldsAsync(
            () => _log.Lines.Any(line => line.StartsWith("Information 4012", StringComparison.Ordinal)),
            "it listens again");
        int afterRestart = told;
        await ExecuteAsync("INSERT INTO lb_nodes VALUES ('a:1')");
        await Eventually.HoldsAsync(() => told > afterRestart, "told after the restart");
    }

    private static async Task<string[]> ListAsync(INodeStore store) =>
        [.. (await store.ListAsync(default)).Select(entry => entry.Address.Text)];

    private static async Task<string> FailureAsync(Func<Task> use)
    {
        try
        {
            await use();
        }
        catch (NodeStoreException e)
        {
            return e.Message;
        }

        throw new InvalidOperationException("it succeeded");
    }

    private INodeStore Open(string? url = null)
    {
        string? error = StoreLocation.Parse(url ?? Server.Url(_database), out StoreLocation location);
        Assert.That(error, Is.Null);
        INodeStore store = NodeStores.Create(new FnlbOptions { Store = location }, _log);
        _stores.Add(store);
        return store;
    }

    /// <returns>The name of a new user with these rights.</returns>
    private async Task<string> CreateUserAsync(string rights)
    {
        string user = $"user_{Guid.NewGuid():N}"[..20];
        string name = IsPostgres ? user : $"'{user}'@'%'";
        await ExecuteAsync(IsPostgres
            ? $"CREATE USER {name} PASSWORD '{DatabaseServer.Password}'"
            : $"CREATE USER {name} IDENTIFIED BY '{DatabaseServer.Password}'");
        await ExecuteAsync($"GRANT {rights} ON lb_nodes TO {name}");
        return user;
    }

    private string UrlOf(string user) => Server.Url(_database).Replace(
        $"//{DatabaseServer.User}:", $"//{user}:", StringComparison.Ordinal);

    private Task<object?> ExecuteAsync(string statement) => Server.ExecuteAsync(_database, statement);

    private async Task<long> CountColumnsAsync() => Convert.ToInt64(
        await ExecuteAsync(
            "SELECT count(*) FROM information_schema.columns WHERE table_name = 'lb_nodes' AND "
                + (IsPostgres ? "table_catalog" : "table_schema") + $" = '{_database}'"),
        System.Globalization.CultureInfo.InvariantCulture);
}

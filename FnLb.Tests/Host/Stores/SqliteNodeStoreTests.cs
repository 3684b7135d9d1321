using FnLb.Core.Nodes;
using FnLb.Host.CommandLine;
using FnLb.Host.Stores;
using FnLb.Tests.Harness;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace FnLb.Tests.Host.Stores;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SqliteNodeStoreTests
{
    private const string TableOfTheOriginal =
        "CREATE TABLE IF NOT EXISTS lb_nodes (\n        address text NOT NULL PRIMARY KEY\n    );";

    private readonly TestFolder _folder = new();
    private readonly RecordedLog _log = new();
    private readonly List<SqlNodeStore> _stores = [];

    private string DatabasePath => _folder.In("fnlb.db");

    [TearDown]
    public async Task RemoveTheFolder()
    {
        foreach (SqlNodeStore store in _stores)
        {
            await store.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Test]
    public async Task Adding_and_removing_twice_is_the_same_as_once([Values] bool isInMemory)
    {
        SqlNodeStore store = Open(isInMemory ? null : DatabasePath);

        await store.AddAsync(Entries.Of("a:1"), default);
        await store.AddAsync(Entries.Of("a:1"), default);
        await store.AddAsync(Entries.Of("b:1"), default);
        bool[] removed = [await store.RemoveAsync("a:1", default), await store.RemoveAsync("a:1", default)];

        Assert.That(removed, Is.EqualTo((bool[])[true, false]));
        Assert.That(await ListAsync(store), Is.EqualTo((string[])["b:1"]));
    }

    [Test]
    public async Task State_and_weight_are_kept_and_other_balancers_read_them([Values] bool isInMemory)
    {
        SqlNodeStore store = Open(isInMemory ? null : DatabasePath);
        await store.AddAsync(Entries.Of("a:1"), default);
        await store.AddAsync(Entries.Of("b:1") with { Weight = 0.5 }, default);

        bool[] found =
        [
            await store.ChangeAsync(
                Entries.Address("A:1"), new NodeChange { State = AdministrativeState.Draining }, default),
            await store.ChangeAsync(Entries.Address("c:1"), new NodeChange { Weight = 2 }, default),
        ];
        await store.ChangeAsync(Entries.Address("a:1"), new NodeChange { Weight = 3 }, default);

        SqlNodeStore other = isInMemory ? store : Open(DatabasePath);
        Assert.That(found, Is.EqualTo((bool[])[true, false]));
        Assert.That(await other.ListAsync(default), Is.EquivalentTo((NodeEntry[])
        [
            Entries.Of("a:1") with { State = AdministrativeState.Draining, Weight = 3 },
            Entries.Of("b:1") with { Weight = 0.5 },
        ]));
    }

    [Test]
    public async Task A_table_of_the_original_gets_columns_only_when_they_are_needed_and_serves_both_after_that()
    {
        Execute(TableOfTheOriginal, "INSERT INTO lb_nodes (address) VALUES ('a:1')");
        SqlNodeStore store = Open(DatabasePath);
        SqlNodeStore second = Open(DatabasePath);
        await store.AddAsync(Entries.Of("b:1"), default);
        string? columnsBefore = Query("SELECT group_concat(name) FROM pragma_table_info('lb_nodes')");

        NodeChange drain = new() { State = AdministrativeState.Draining };
        await Task.WhenAll(
            store.ChangeAsync(Entries.Address("a:1"), drain, default),
            second.ChangeAsync(Entries.Address("b:1"), drain, default));
        Execute("INSERT INTO lb_nodes (address) VALUES ('c:1')");

        Assert.That(columnsBefore, Is.EqualTo("address"));
        Assert.That(Query("SELECT count(DISTINCT address) FROM lb_nodes"), Is.EqualTo("3"));
        Assert.That((await store.ListAsync(default)).Select(entry => entry.State), Is.EqualTo((AdministrativeState[])
            [AdministrativeState.Draining, AdministrativeState.Draining, AdministrativeState.Active]));
    }

    [TestCase("state = 'gone'")]
    [TestCase("weight = 0")]
    [TestCase("weight = 'heavy'")]
    public async Task A_state_or_weight_that_cannot_be_right_is_logged_once_and_counts_as_not_set(string assignment)
    {
        SqlNodeStore store = Open(DatabasePath);
        await store.AddAsync(
            Entries.Of("a:1") with { State = AdministrativeState.Draining, Weight = 2 }, default);
        Execute("UPDATE lb_nodes SET weight = 1, state = 'active'", $"UPDATE lb_nodes SET {assignment}");

        await store.ListAsync(default);

        Assert.That(await store.ListAsync(default), Is.EqualTo((NodeEntry[])[Entries.Of("a:1")]));
        Assert.That(_log.Lines.Count(line => line.StartsWith("Warning 4005", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task Two_stores_in_memory_have_nothing_in_common()
    {
        SqlNodeStore first = Open(null);
        SqlNodeStore second = Open(null);

        await first.AddAsync(Entries.Of("a:1"), default);

        Assert.That(await ListAsync(second), Is.Empty);
    }

    [Test]
    public async Task What_one_balancer_adds_another_on_the_same_file_reads()
    {
        SqlNodeStore first = Open(DatabasePath);
        SqlNodeStore second = Open(DatabasePath);

        await first.AddAsync(Entries.Of("a:1"), default);

        Assert.That(await ListAsync(second), Is.EqualTo((string[])["a:1"]));
    }

    [Test]
    public async Task A_file_of_the_original_opens_as_it_is_and_stays_one()
    {
        Execute(TableOfTheOriginal, "INSERT INTO lb_nodes (address) VALUES ('10.0.0.1:8080')");
        string? table = Query("SELECT sql FROM sqlite_master");
        SqlNodeStore store = Open(DatabasePath);

        await store.AddAsync(Entries.Of("b:1"), default);

        Assert.That(await ListAsync(store), Is.EquivalentTo((string[])["10.0.0.1:8080", "b:1"]));
        Assert.That(Query("SELECT group_concat(sql) FROM sqlite_master WHERE sql IS NOT NULL"), Is.EqualTo(table));
        Assert.That(Query("PRAGMA journal_mode"), Is.EqualTo("delete"));
        Assert.That(Query("SELECT count(*) FROM lb_nodes"), Is.EqualTo("2"));
    }

    [Test]
    public async Task Mended_a_bad_row_is_left_out_logged_once_and_can_be_removed()
    {
        Execute(TableOfTheOriginal, "INSERT INTO lb_nodes (address) VALUES ('a b:80'), (''), ('c:1')");
        SqlNodeStore store = Open(DatabasePath);

        string[] first = await ListAsync(store);
        string[] second = await ListAsync(store);

        Assert.That((first, second), Is.EqualTo(((string[])["c:1"], (string[])["c:1"])));
        Assert.That(_log.Lines.Count(line => line.StartsWith("Warning 4000", StringComparison.Ordinal)), Is.EqualTo(2));
        Assert.That(_log.Lines, Has.Exactly(1).Contains("a b:80"));
        bool[] removed = [await store.RemoveAsync("a b:80", default), await store.RemoveAsync("", default)];
        Assert.That((removed, Query("SELECT count(*) FROM lb_nodes")), Is.EqualTo(((bool[])[true, true], "1")));
    }

    [Test]
    public async Task A_node_is_removed_however_the_row_spells_it()
    {
        Execute(TableOfTheOriginal, "INSERT INTO lb_nodes (address) VALUES ('NODE:80'), ('node:80'), ('[::0001]:80')");
        SqlNodeStore store = Open(DatabasePath);

        await store.RemoveAsync("Node:80", default);
        await store.RemoveAsync("[::1]:80", default);

        Assert.That(Query("SELECT count(*) FROM lb_nodes"), Is.EqualTo("0"));
    }

    [Test]
    public async Task A_write_waits_for_the_write_of_another_balancer()
    {
        SqlNodeStore store = Open(DatabasePath);
        using SqliteConnection other = Connect();
        SqliteTransaction writing = other.BeginTransaction();

        Task adding = store.AddAsync(Entries.Of("a:1"), default);
        await Eventually.StaysTrueAsync(() => !adding.IsCompleted, TimeSpan.FromMilliseconds(200), "the write waits");
        await writing.CommitAsync();
        await adding;

        Assert.That(await ListAsync(store), Is.EqualTo((string[])["a:1"]));
    }

    [Test]
    public void A_file_that_was_moved_away_is_a_failure_and_not_an_empty_cluster()
    {
        SqlNodeStore store = Open(DatabasePath);

        File.Move(DatabasePath, DatabasePath + ".old");

        Assert.That(
            () => store.ListAsync(default), Throws.TypeOf<NodeStoreException>().With.Message.Contains(DatabasePath));
        Assert.That(File.Exists(DatabasePath), Is.False);
    }

    [Test]
    public void Folders_that_are_missing_are_created()
    {
        string nested = _folder.In("a/b/fnlb.db");

        Open(nested);

        Assert.That(File.Exists(nested), Is.True);
    }

    [Test]
    public void A_file_that_is_no_database_cannot_be_opened()
    {
        File.WriteAllText(DatabasePath, new string('x', 4096));

        Assert.That(
            () => Open(DatabasePath), Throws.TypeOf<NodeStoreException>().With.Message.Contains("not a database"));
    }

    [Test]
    public void A_path_that_cannot_be_written_cannot_be_opened(
        [Values("/dev/null/x.db", "/proc/x/y.db", "/")] string path)
    {
        Assert.That(() => Open(path), Throws.TypeOf<NodeStoreException>().With.Message.Contains(path));
    }

    private static async Task<string[]> ListAsync(SqlNodeStore store) =>
        [.. (await store.ListAsync(default)).Select(entry => entry.Address.Text)];

    private SqlNodeStore Open(string? path)
    {
        SqliteLocation location = new(path);
        SqlNodeStore store = new(new SqlDatabase(new SqliteDialect(location), location.ToString()), _log);
        _stores.Add(store);
        _ = store.ListAsync(default).GetAwaiter().GetResult();
        return store;
    }

    private SqliteConnection Connect()
    {
        SqliteConnection connection = new($"Data Source={DatabasePath};Pooling=False");
        connection.Open();
        return connection;
    }

    private void Execute(params string[] statements)
    {
        foreach (string statement in statements)
        {
            Query(statement);
        }
    }

    private string? Query(string statement)
    {
        using SqliteConnection connection = Connect();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are literals of these tests.
        command.CommandText = statement;
#pragma warning restore CA2100
        return command.ExecuteScalar()?.ToString();
    }
}

using FnLb.Core.Nodes;
using FnLb.Host.CommandLine;
using FnLb.Host.Stores;
using FnLb.Tests.Harness;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace FnLb.Tests.Host.Stores;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RegistrationTests : IDisposable
{
    private static readonly TimeSpan LongInterval = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _time = new();
    private readonly NodeDirectory _directory = new();
    private readonly RecordedLog _log = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];
    private readonly List<SqlDatabase> _databases = [];

    [TearDown]
    public async Task Stop()
    {
        await _stop.CancelAsync();
        Task ended = Task.WhenAll(_running);
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return ended.IsCompleted;
            },
            "the registrations end");
        await ended;
        foreach (SqlDatabase database in _databases)
        {
            await database.DisposeAsync();
        }
    }

    public void Dispose() => _stop.Dispose();

    [Test]
    public async Task A_changed_digest_is_told_soon_however_seldom_nodes_are_checked()
    {
        BalancerTable table = new(InMemory());
        Register(table, "one");
        await Eventually.HoldsAsync(async () => (await RowsAsync(table)).Count == 1, "it is registered");
        string before = (await RowsAsync(table))[0].Ring;

        _directory.Apply([Entries.Of("a:1")]);
        _time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.HoldsAsync(async () => (await RowsAsync(table))[0].Ring != before, "it is told");
    }

    [Test]
    public async Task While_beats_fail_the_pauses_between_them_grow()
    {
        FailingDialect dialect = new();
        SqlDatabase database = Database(dialect, "failing");
        DateTimeOffset started = _time.GetUtcNow();
        Register(new BalancerTable(database), "one", TimeSpan.FromMilliseconds(100));

        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(dialect.Opens < 9 ? TimeSpan.FromMilliseconds(100) : TimeSpan.Zero);
                return dialect.Opens >= 9;
            },
            "nine attempts");

        Assert.That((_time.GetUtcNow() - started).TotalSeconds, Is.GreaterThan(10));
        Assert.That(_log.Lines.Count(line => line.StartsWith("Warning 4013", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task Two_balancers_with_one_name_are_told_and_a_predecessor_is_not()
    {
        SqlDatabase database = InMemory();
        BalancerTable first = new(database);
        BalancerTable second = new(database);
        BalancerRow row = new("same", "h:1", "", "", TimeSpan.Zero);
        await first.BeatAsync(row, default);
        Register(second, "same");
        await Eventually.HoldsAsync(async () => (await RowsAsync(second))[0].Ring.Length > 0, "the successor is there");
        string[] afterOne = [.. _log.Lines];

        await Eventually.HoldsAsync(
            async () =>
            {
                await first.BeatAsync(row, default);
                _time.Advance(TimeSpan.FromSeconds(11));
                return _log.Lines.Any(line => line.StartsWith("Warning 4014", StringComparison.Ordinal));
            },
            "it is told");

        Assert.That(afterOne, Is.Empty);
    }

    [Test]
    public async Task Who_asks_for_the_others_waits_for_no_store_and_hears_that_nothing_is_known()
    {
        FailingDialect dialect = new() { MayFail = new TaskCompletionSource() };
        SqlDatabase database = Database(dialect, "silent");
        KnownBalancers others = new(new BalancerTable(database), TimeProvider.System);

        BalancerList silent = await others.ReadAsync(default);
        dialect.MayFail.SetResult();
        await others.RefreshAsync();
        BalancerList failed = await others.ReadAsync(default);

        Assert.That((silent.IsCurrent, silent.Failure), Is.EqualTo((false, (string?)null)));
        Assert.That(failed.Failure, Is.EqualTo("the node store silent failed: it is away"));
    }

    [Test]
    public async Task Rows_that_were_read_age_until_they_are_read_again()
    {
        BalancerTable table = new(InMemory());
        await table.BeatAsync(new BalancerRow("one", "h:1", "", "", TimeSpan.Zero), default);
        KnownBalancers others = new(table, _time);
        await others.RefreshAsync();
        BalancerList fresh = await others.ReadAsync(default);

        Assert.That((fresh.IsCurrent, fresh.Rows.Single().IsAlive), Is.EqualTo((true, true)));
        BalancerList old = fresh with { ReadAt = fresh.ReadAt - (_time.TimestampFrequency * 31) };
        Assert.That((old.At(_time).IsCurrent, old.At(_time).Rows.Single().IsAlive), Is.EqualTo((false, false)));
    }

    private static Task<List<BalancerRow>> RowsAsync(BalancerTable table) => table.ListAsync(default);

    private SqlDatabase InMemory() => Database(new SqliteDialect(new SqliteLocation(Path: null)), "memory");

    private SqlDatabase Database(SqlDialect dialect, string shown)
    {
        SqlDatabase database = new(dialect, shown);
        _databases.Add(database);
        return database;
    }

    private void Register(BalancerTable table, string name, TimeSpan? interval = null)
    {
        KnownBalancers others = new(table, _time);
        BalancerRow self = new(name, "h:1", "", "", TimeSpan.Zero);
        Registration registration = new(table, others, _directory, self, _time, _log);
        _running.Add(registration.RunAsync(interval ?? LongInterval, _stop.Token));
    }
}

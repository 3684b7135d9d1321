using FnLb.Core.Nodes;
using FnLb.Host.Stores;
using FnLb.Tests.Harness;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace FnLb.Tests.Host.Stores;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class MembershipTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedStore _store = new();
    private readonly NodeDirectory _directory = new();
    private readonly RecordedLog _log = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Membership _membership;
    private Task _following = Task.CompletedTask;

    public MembershipTests()
    {
        _membership = new Membership(_store, _directory, _time, _log);
    }

    private string[] Members => [.. _directory.Nodes.Select(node => node.Address.Text)];

    private string[] Failures => [.. _log.Lines.Where(line => line.StartsWith("Error 4001", StringComparison.Ordinal))];

    [TearDown]
    public async Task Stop()
    {
        await _stop.CancelAsync();
        await _following;
        _membership.Dispose();
        _stop.Dispose();
    }

    [Test]
    public async Task The_nodes_of_the_command_line_join_those_of_the_store()
    {
        await _store.AddAsync(Entries.Of("b:1"), default);

        await _membership.LoadAsync([Entries.Address("a:1")], default);

        Assert.That(Members, Is.EqualTo((string[])["a:1", "b:1"]));
    }

    [Test]
    public async Task A_change_through_the_API_shows_at_once()
    {
        await _membership.AddAsync(Entries.Address("a:1"), default);
        string[] added = Members;
        bool[] removed = [await _membership.RemoveAsync("a:1", default), await _membership.RemoveAsync("a:1", default)];

        Assert.That((added, removed), Is.EqualTo(((string[])["a:1"], (bool[])[true, false])));
        Assert.That(Members, Is.Empty);
        Assert.That(
            _log.Lines, Is.EqualTo((string[])["Information 4003 Node a:1 joined", "Information 4004 Node a:1 left"]));
    }

    [Test]
    public async Task What_another_balancer_changed_shows_after_an_interval()
    {
        Follow();
        await _store.AddAsync(Entries.Of("a:1"), default);

        await TickAsync();

        await Eventually.HoldsAsync(() => Members is ["a:1"], "the node is a member");
    }

    [Test]
    public async Task While_the_store_fails_the_last_list_serves_on_and_the_log_is_not_flooded()
    {
        await _membership.AddAsync(Entries.Address("a:1"), default);
        Follow();

        _store.Failure = "it is down";
        int readsBefore = _store.Reads;
        DateTimeOffset started = _time.GetUtcNow();
        while (_time.GetUtcNow() - started < TimeSpan.FromSeconds(75))
        {
            await TickAsync();
        }

        Assert.That(_store.Reads - readsBefore, Is.LessThan(25), "the pauses grow");

        Assert.That(Failures, Has.Length.EqualTo(2), "at once, and again after a minute");
        Assert.That(Failures[0], Is.EqualTo("Error 4001 The last known list of 1 nodes serves on: it is down"));
        Assert.That(Members, Is.EqualTo((string[])["a:1"]));

        _store.Failure = "it is gone";
        await TickAsync();
        await Eventually.HoldsAsync(() => Failures.Length == 3, "a new reason is told at once");

        _store.Failure = null;
        await TickAsync();
        await Eventually.HoldsAsync(
            () => _log.Lines.Contains("Information 4002 The node store can be read again"), "the recovery is told");
    }

    [Test]
    public async Task A_change_that_the_store_tells_of_shows_without_waiting()
    {
        Follow();
        await _store.AddAsync(Entries.Of("a:1"), default);

        _store.Tell();

        await Eventually.HoldsAsync(() => Members is ["a:1"], "the node is a member");
    }

    [Test]
    public async Task The_age_of_the_list_grows_while_the_store_fails_and_the_reason_is_kept()
    {
        await _membership.LoadAsync([], default);
        _time.Advance(TimeSpan.FromSeconds(5));
        TimeSpan age = _membership.ListAge;
        _store.Failure = "it is down";
        Follow();
        _store.Tell();
        await Eventually.HoldsAsync(() => _membership.Failure == "it is down", "the reason is known");

        _store.Failure = null;
        await _membership.AddAsync(Entries.Address("a:1"), default);

        Assert.That(age, Is.EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That((_membership.ListAge, _membership.Failure), Is.EqualTo((TimeSpan.Zero, (string?)null)));
    }

    [Test]
    public async Task Nodes_of_the_command_line_serve_without_a_store_and_are_in_it_when_it_is_back()
    {
        _store.Failure = "it is down";
        StoreStart start = new(_membership, _time, _log);
        await start.RunAsync([Entries.Address("a:1")], [Entries.Of("a:1")], wait: TimeSpan.Zero, default);
        string[] without = Members;
        NodeAddress[] notAdded = [.. _membership.NotAdded];
        Follow();

        _store.Failure = null;
        await TickAsync();
        await Eventually.HoldsAsync(() => _membership.Failure is null, "the store is back");

        Assert.That((without, Members), Is.EqualTo(((string[])["a:1"], (string[])["a:1"])));
        Assert.That((notAdded, _membership.NotAdded.Count), Is.EqualTo(((NodeAddress[])[Entries.Address("a:1")], 0)));
        Assert.That(await _store.ListAsync(default), Is.EqualTo((NodeEntry[])[Entries.Of("a:1")]));
    }

    [Test]
    public async Task Nodes_that_a_store_refuses_cost_no_search_of_its_list_for_each()
    {
        const int count = 500;
        ScriptedStore store = new() { RefusesChanges = true };
        for (int index = 0; index < count; index++)
        {
            store.Insert(Entries.Of($"listed{index}:1"));
        }

        using Membership membership = new(store, _directory, _time, _log);
        await membership.LoadAsync(
            [Entries.Address("listed7:1"), .. Enumerable.Range(0, count).Select(i => Entries.Address($"a{i}:1"))],
            default);

        Assert.That((Members.Length, membership.NotAdded.Count), Is.EqualTo((2 * count, count + 1)));
        Assert.That(store.RowsRead, Is.LessThan(5 * count));
    }

    [Test]
    public void Nodes_that_are_added_at_the_start_are_not_copied_for_each()
    {
        const int count = 3000;
        NodeAddress[] addresses = [.. Enumerable.Range(0, count).Select(i => Entries.Address($"a{i}:1"))];
        long before = GC.GetAllocatedBytesForCurrentThread();

        Task loading = _membership.LoadAsync(addresses, default);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That((loading.IsCompletedSuccessfully, Members.Length), Is.EqualTo((true, count)), "on this thread");
        Assert.That(allocated / count, Is.LessThan(10_000), "bytes for a node");
    }

    [Test]
    public async Task What_was_added_before_the_store_failed_is_not_added_again()
    {
        _store.Adding = () => _store.Failure = _store.Writes == 2 ? "it is down" : null;
        Assert.That(
            () => _membership.LoadAsync([.. Addresses("a:1", "b:1", "c:1")], default),
            Throws.TypeOf<NodeStoreException>());
        NodeAddress[] left = [.. _membership.NotAdded];

        _store.Adding = () => { };
        _store.Failure = null;
        await _membership.RefreshAsync(default);

        Assert.That(left, Is.EqualTo(Addresses("c:1")));
        Assert.That((_store.Writes, _membership.NotAdded.Count), Is.EqualTo((3, 0)));
    }

    [Test]
    public void Without_a_store_and_without_nodes_the_start_fails()
    {
        _store.Failure = "it is down";
        StoreStart start = new(_membership, _time, _log);

        Assert.That(
            () => start.RunAsync([], [], wait: TimeSpan.Zero, default),
            Throws.TypeOf<NodeStoreException>().With.Message.EqualTo("it is down"));
    }

    [Test]
    public async Task A_store_that_comes_up_in_time_is_waited_for_with_one_log_line()
    {
        _store.Failure = "it is down";
        StoreStart start = new(_membership, _time, _log);
        Task starting = start.RunAsync([], [], wait: TimeSpan.FromSeconds(30), default);
        for (int i = 0; i < 3; i++)
        {
            await TickAsync();
        }

        _store.Failure = null;
        await TickAsync();
        await starting;

        Assert.That(
            _log.Lines, Is.EqualTo((string[])["Warning 4007 Waiting up to 30 s for the node list: it is down"]));
    }

    [Test]
    public void A_change_that_the_store_refuses_is_told_to_the_caller()
    {
        _store.Failure = "it is down";

        Assert.That(
            () => _membership.AddAsync(Entries.Address("a:1"), default),
            Throws.TypeOf<NodeStoreException>().With.Message.EqualTo("it is down"));
    }

    [Test]
    public async Task Whatever_a_store_throws_the_list_is_followed_on()
    {
        Follow();
        _store.Unexpected = new FormatException("it is odd");
        _store.Tell();
        await Eventually.HoldsAsync(
            () => _membership.Failure == "unexpected FormatException: it is odd", "the reason is known");

        _store.Unexpected = null;
        _store.Insert(Entries.Of("a:1"));
        _store.Tell();

        await Eventually.HoldsAsync(() => Members is ["a:1"], "the node is a member");
        Assert.That(Failures, Has.Length.EqualTo(1));
    }

    [Test]
    public async Task A_node_that_another_balancer_adds_at_the_same_moment_is_changed_all_the_same()
    {
        _store.Adding = () => _store.Insert(Entries.Of("a:1"));

        bool wasThere = await _membership.ChangeAsync(
            Entries.Address("a:1"), new NodeChange { State = AdministrativeState.Draining }, default);

        Assert.That(wasThere, Is.False);
        Assert.That(_directory.Nodes.Single().Administrative, Is.EqualTo(AdministrativeState.Draining));
    }

    [Test]
    public async Task The_age_of_a_list_that_the_store_follows_by_itself_counts_from_what_that_heard()
    {
        _store.ListAge = TimeSpan.FromSeconds(40);

        await _membership.LoadAsync([], default);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.That(_membership.ListAge.TotalSeconds, Is.EqualTo(42));
    }

    [Test]
    public async Task A_list_that_is_handed_over_is_written_where_it_differs_alone()
    {
        foreach (string name in (string[])["same:1", "changed:1", "gone:1"])
        {
            _store.Insert(Entries.Of(name));
        }

        NodeEntry changed = Entries.Of("changed:1") with { State = AdministrativeState.Draining };
        NodeEntry added = Entries.Of("added:1") with { Weight = 2, Note = "new" };

        await _membership.ReplaceAsync([Entries.Of("same:1"), changed, added], default);

        Assert.That(_store.Writes, Is.EqualTo(3));
        Assert.That(
            await _store.ListAsync(default),
            Is.EquivalentTo((NodeEntry[])[Entries.Of("same:1"), changed, added]));
        Assert.That(Members, Is.EquivalentTo((string[])["same:1", "changed:1", "added:1"]));
    }

    [Test]
    public async Task A_store_that_fails_in_the_moment_of_the_stop_harms_nobody()
    {
        _store.Failure = "it is down";
        _store.Reading = _stop.Cancel;
        Follow();

        _store.Tell();
        await _following;

        Assert.That((_stop.IsCancellationRequested, _store.Reads), Is.EqualTo((true, 1)));
        Assert.That(_log.Lines, Is.Empty);
    }

    private static IEnumerable<NodeAddress> Addresses(params string[] texts) => texts.Select(Entries.Address);

    private void Follow() => _following = _membership.FollowAsync(Interval, _stop.Token);

    private async Task TickAsync()
    {
        int reads = _store.Reads;
        await Eventually.HoldsAsync(
            () =>
            {
                bool isRead = _store.Reads > reads;
                _time.Advance(isRead ? TimeSpan.Zero : TimeSpan.FromMilliseconds(500));
                return isRead;
            },
            "the store was read");
    }
}

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
        for (int i = 0; i < 25; i++)
        {
            await TickAsync();
        }

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
    public void A_change_that_the_store_refuses_is_told_to_the_caller()
    {
        _store.Failure = "it is down";

        Assert.That(
            () => _membership.AddAsync(Entries.Address("a:1"), default),
            Throws.TypeOf<NodeStoreException>().With.Message.EqualTo("it is down"));
    }

    private void Follow() => _following = _membership.FollowAsync(Interval, _stop.Token);

    private async Task TickAsync()
    {
        int reads = _store.Reads;
        _time.Advance(Interval);
        await Eventually.HoldsAsync(() => _store.Reads > reads, "the store was read");
    }
}

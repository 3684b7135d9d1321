using FnLb.Core.Nodes;
using FnLb.Host.CommandLine;
using FnLb.Host.Stores;
using FnLb.Tests.Harness;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace FnLb.Tests.Host.Stores;

/// <summary>A node that is removed after a drain.</summary>
public sealed class DrainedRemovalTests
{
    private static readonly TimeSpan OthersLearn = TimeSpan.FromSeconds(4);

    [TestCase(1)]
    [TestCase(30)]
    public async Task It_stays_until_the_other_balancers_have_heard_of_the_drain(int limitSeconds)
    {
        FakeTimeProvider time = new();
        NodeDirectory directory = new(time);
        ScriptedStore store = new();
        using Membership membership = new(store, directory, time, new RecordedLog());
        await membership.AddAsync(Entries.Address("a:1"), CancellationToken.None);
        DrainedRemoval removal = new(membership, directory, OthersLearn, time, CancellationToken.None);

        Task<bool> removing = removal.RemoveAsync(Entries.Address("a:1"), TimeSpan.FromSeconds(limitSeconds));
        await Eventually.HoldsAsync(
            () => directory.Nodes[0].Administrative == AdministrativeState.Draining, "it drains");
        DateTimeOffset drained = time.GetUtcNow();
        await Eventually.HoldsAsync(
            () =>
            {
                time.Advance(removing.IsCompleted ? TimeSpan.Zero : TimeSpan.FromMilliseconds(20));
                return removing.IsCompleted;
            },
            "it is removed");

        Assert.That(await removing, Is.True);
        Assert.That(time.GetUtcNow() - drained, Is.GreaterThanOrEqualTo(OthersLearn));
        Assert.That(directory.Nodes, Is.Empty);
    }

    [Test]
    public async Task When_the_process_ends_meanwhile_the_caller_hears_that_the_node_stays_draining()
    {
        NodeDirectory directory = new();
        using Membership membership = new(new ScriptedStore(), directory, TimeProvider.System, new RecordedLog());
        using CancellationTokenSource stop = new();
        await membership.AddAsync(Entries.Address("a:1"), CancellationToken.None);
        Node node = directory.Nodes.Single();
        node.Enter();
        DrainedRemoval removal = new(membership, directory, TimeSpan.Zero, TimeProvider.System, stop.Token);

        Task<bool> removing = removal.RemoveAsync(node.Address, TimeSpan.FromSeconds(60));
        await Eventually.HoldsAsync(() => node.Administrative == AdministrativeState.Draining, "it drains");
        await stop.CancelAsync();

        Assert.That(
            () => removing,
            Throws.TypeOf<NodeStoreException>().With.Message.Contains("the node stays draining")
                .And.Property(nameof(NodeStoreException.IsRefusal)).False);
        Assert.That(directory.Nodes, Is.EqualTo((Node[])[node]));
    }

    [Test]
    public void Others_hear_of_it_within_an_interval_and_a_second_where_there_can_be_others()
    {
        TimeSpan interval = TimeSpan.FromSeconds(3);

        Assert.That(
            NodeStores.OthersLearnWithin(new SqliteLocation(Path: null), interval), Is.EqualTo(TimeSpan.Zero));
        Assert.That(
            NodeStores.OthersLearnWithin(new SqliteLocation("/tmp/nodes.db"), interval), Is.EqualTo(OthersLearn));
    }

    [Test]
    public void Where_no_node_can_be_removed_by_hand_that_is_what_is_told()
    {
        ScriptedStore store = new() { RefusesChanges = true };
        NodeDirectory directory = new();
        directory.Apply([Entries.Of("a:1")]);
        using Membership membership = new(store, directory, TimeProvider.System, new RecordedLog());
        DrainedRemoval removal = new(membership, directory, TimeSpan.Zero, TimeProvider.System, CancellationToken.None);

        Assert.That(
            () => removal.RemoveAsync(Entries.Address("a:1"), TimeSpan.FromSeconds(30)),
            Throws.TypeOf<NodeStoreException>().With.Message.EqualTo("no removal"));
    }
}

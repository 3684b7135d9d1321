using System.Text.Json;
using FnLb.Core.Nodes;
using FnLb.Core.Routing;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Routing;

/// <summary>What a router leaves to the one that takes its place.</summary>
public sealed class RouterMemoryTests
{
    private const long Now = 1_000_000;

    [Test]
    public void What_was_learned_is_known_to_the_successor_after_its_way_through_JSON()
    {
        RouteKey route = RouteKey.Of("/r/app/f"u8);
        NodeDirectory directory = Directory("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80");
        Router router = new(directory);
        Placement placed = router.Place(route, [], Now);
        router.Release(placed, CallOutcome.Answered, waitNanoseconds: 800_000_000, Now + 900);
        RoutingSnapshot before = router.Remember(Now + 1000);

        string json = JsonSerializer.Serialize(before);
        Router successor = new(Directory("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"));
        successor.Recall(JsonSerializer.Deserialize<RoutingSnapshot>(json)!, Now + 5_000_000);
        RoutingSnapshot after = successor.Remember(Now + 5_000_000);

        Assert.That(before.Functions, Has.Count.EqualTo(1));
        Assert.That(before.Functions[0].Warm, Is.Not.Empty);
        Assert.That(JsonSerializer.Serialize(after), Is.EqualTo(json));
    }

    [Test]
    public void A_node_that_was_full_once_is_known_to_have_been()
    {
        RouteKey route = RouteKey.Of("/r/app/f"u8);
        Router router = new(Directory("10.0.0.1:80"));
        Placement[] placed = [.. Enumerable.Range(0, 4).Select(_ => router.Place(route, [], Now))];
        router.Release(placed[^1], CallOutcome.NotStarted, waitNanoseconds: -1, Now + 10);

        Router successor = new(Directory("10.0.0.1:80"));
        bool isKnownToANewOne = successor.Survey().Nodes.Single().IsLimitKnown;
        successor.Recall(router.Remember(Now + 20_000), Now);

        Assert.That(isKnownToANewOne, Is.False);
        Assert.That(successor.Survey().Nodes.Single().IsLimitKnown, Is.True);
    }

    [Test]
    public void Nodes_that_have_gone_are_left_out()
    {
        RouteKey route = RouteKey.Of("/r/app/f"u8);
        Router router = new(Directory("10.0.0.1:80"));
        router.Release(router.Place(route, [], Now), CallOutcome.Answered, waitNanoseconds: 0, Now + 10);

        Router successor = new(Directory("10.0.0.9:80"));
        successor.Recall(router.Remember(Now + 20), Now);

        Assert.That(successor.Remember(Now).Functions, Is.Empty);
        Assert.That(successor.Place(route, [], Now).Node!.Address.Text, Is.EqualTo("10.0.0.9:80"));
    }

    private static NodeDirectory Directory(params string[] addresses)
    {
        NodeDirectory directory = new();
        directory.Apply([.. addresses.Select(Entries.Of)]);
        foreach (Node node in directory.Nodes)
        {
            node.Operational = OperationalState.Online;
        }

        return directory;
    }
}

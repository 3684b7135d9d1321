using FnLb.Core.Nodes;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Nodes;

public sealed class NodeDigestTests
{
    [Test]
    public void Digests_are_equal_for_equal_nodes_and_differ_for_each_thing_that_differs()
    {
        NodeEntry[] entries = [Entries.Of("a:1"), Entries.Of("b:1") with { Weight = 2 }];
        NodeEntry[][] others =
        [
            [],
            [entries[0]],
            [entries[0], Entries.Of("b:1")],
            [entries[0] with { State = AdministrativeState.Draining }, entries[1]],
            [.. entries, Entries.Of("c:1")],
        ];

        string ring = NodeDigest.OfRing(NodesOf(entries));

        Assert.That(NodeDigest.OfRing(NodesOf([entries[1], entries[0] with { Note = "n" }])), Is.EqualTo(ring));
        string[] digests = [ring, .. others.Select(other => NodeDigest.OfRing(NodesOf(other)))];
        Assert.That(digests, Is.Unique.And.All.Matches("^[0-9a-f]{16}$"));
    }

    [Test]
    public void Health_is_which_nodes_are_online_and_nothing_else()
    {
        IReadOnlyList<Node> nodes = NodesOf([Entries.Of("a:1"), Entries.Of("b:1") with { Weight = 2 }]);
        string before = NodeDigest.OfHealth(nodes);
        string ring = NodeDigest.OfRing(nodes);
        nodes[0].Operational = OperationalState.Offline;
        string offline = NodeDigest.OfHealth(nodes);
        nodes[0].Operational = OperationalState.Online;

        Assert.That(offline, Is.EqualTo(before));
        Assert.That(NodeDigest.OfHealth(nodes), Is.Not.EqualTo(before));
        Assert.That(NodeDigest.OfRing(nodes), Is.EqualTo(ring));
    }

    private static IReadOnlyList<Node> NodesOf(NodeEntry[] entries)
    {
        NodeDirectory directory = new();
        directory.Apply(entries);
        return directory.Nodes;
    }
}

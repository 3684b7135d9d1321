using FnLb.Core.Health;
using FnLb.Core.Nodes;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Health;

public sealed class OutTallyTests
{
    private static readonly OperationalState[] States = Enum.GetValues<OperationalState>();
    private static readonly AdministrativeState[] Asked = Enum.GetValues<AdministrativeState>();

    [Test]
    public void Whatever_changes_the_counts_are_those_of_a_look_at_all_nodes()
    {
        Random random = new(1);
        Node[] nodes = [.. Enumerable.Range(0, 30).Select(index => new Node(Entries.Address($"n{index}:1")))];
        HashSet<Node> members = [];
        HashSet<Node> ejected = [];
        HashSet<Node> doubted = [];
        OutTally tally = new();
        for (int step = 0; step < 20_000; step++)
        {
            Node node = nodes[random.Next(nodes.Length)];
            bool isMarked = random.Next(2) == 0;
            switch (random.Next(6))
            {
                case 0 when tally.TryAdd(node):
                    members.Add(node);
                    break;
                case 1 when isMarked:
                    tally.Remove(node);
                    _ = members.Remove(node) | ejected.Remove(node) | doubted.Remove(node);
                    break;
                case 2:
                    node.Operational = States[random.Next(States.Length)];
                    break;
                case 3:
                    node.Administrative = Asked[random.Next(Asked.Length)];
                    break;
                case 4 when members.Contains(node):
                    tally.SetEjected(node, isMarked);
                    _ = isMarked ? ejected.Add(node) : ejected.Remove(node);
                    break;
                case 5 when members.Contains(node):
                    tally.SetDoubted(node, isMarked);
                    _ = isMarked ? doubted.Add(node) : doubted.Remove(node);
                    break;
            }

            tally.Recount(node);
            OutCounts sum = members.Aggregate(default(OutCounts), (counts, member) => counts + tally.Of(member));
            Assert.That((tally.Counts, sum), Is.EqualTo((Counted(members, ejected, doubted), tally.Counts)));
            Assert.That(tally.EjectedNodes(isInService: true), Is.EqualTo(In(ejected, OperationalState.Online)));
            Assert.That(tally.EjectedNodes(isInService: false), Is.EqualTo(In(ejected, OperationalState.Ejected)));
        }
    }

    [Test]
    public void A_node_that_is_no_member_counts_as_nothing()
    {
        Node node = new(Entries.Address("a:1")) { Operational = OperationalState.Offline };
        OutTally tally = new();

        tally.SetEjected(node, isEjected: true);
        tally.SetDoubted(node, isDoubted: true);
        tally.Recount(node);

        Assert.That((tally.Counts, tally.Of(node)), Is.EqualTo((default(OutCounts), default(OutCounts))));
        Assert.That(tally.IsMember(node), Is.False);
        Assert.That(tally.EjectedNodes(isInService: false), Is.Empty);
    }

    private static OutCounts Counted(HashSet<Node> members, HashSet<Node> ejected, HashSet<Node> doubted)
    {
        Node[] judged = [.. members.Where(node =>
            node.Administrative == AdministrativeState.Active && node.Operational != OperationalState.Unknown)];
        bool IsOut(Node node) => ejected.Contains(node) || node.Operational == OperationalState.Offline;
        return new OutCounts(
            Counted: judged.Length,
            NotOnline: judged.Count(node => node.Operational != OperationalState.Online),
            Out: judged.Count(IsOut),
            Ejected: judged.Count(ejected.Contains),
            Doubted: judged.Count(node => doubted.Contains(node) && !IsOut(node)));
    }

    private static IEnumerable<Node> In(HashSet<Node> ejected, OperationalState state) => ejected
        .Where(node => node.Operational == state)
        .OrderBy(node => node.Address.Text, StringComparer.Ordinal);
}

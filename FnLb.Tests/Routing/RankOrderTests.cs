using CsCheck;
using FnLb.Core.Nodes;
using FnLb.Core.Routing;
using NUnit.Framework;

namespace FnLb.Tests.Routing;

/// <summary>The order of the nodes for a route: the same everywhere, for ever.</summary>
public sealed class RankOrderTests
{
    // A change here empties every warm container of every cluster that is upgraded. Nodes are 10.0.0.1 to 10.0.0.8;
    // the expected orders were computed by another program from the description alone.
    [TestCase("/", "8 2 1 7 4 6 3 5")]
    [TestCase("/r/app/f", "5 6 1 3 7 2 4 8")]
    [TestCase("/r/app/g", "5 7 2 4 6 1 3 8")]
    [TestCase("/r/myapp/hello-world", "3 8 1 7 2 6 5 4")]
    [TestCase("/t/app/trigger", "4 8 3 7 5 6 2 1")]
    [TestCase("/invoke/01CQV4NEGMNG8G00GZJ0000002", "1 4 6 3 5 7 8 2")]
    [TestCase("/v1/apps", "8 6 3 2 5 1 4 7")]
    [TestCase("/%C3%A4?", "3 2 5 4 7 8 6 1")]
    public void Is_frozen(string path, string order) => Assert.That(OrderOf(new Cluster(8), path), Is.EqualTo(order));

    [TestCase("/", "8 2 1 7 4 5 6 3")]
    [TestCase("/r/app/f", "5 6 8 1 3 2 7 4")]
    [TestCase("/r/app/g", "5 2 7 8 6 4 1 3")]
    [TestCase("/r/myapp/hello-world", "8 3 2 1 7 5 6 4")]
    [TestCase("/t/app/trigger", "8 4 5 3 7 6 2 1")]
    [TestCase("/invoke/01CQV4NEGMNG8G00GZJ0000002", "8 5 1 6 3 4 2 7")]
    [TestCase("/v1/apps", "8 6 3 5 2 1 4 7")]
    [TestCase("/%C3%A4?", "8 5 2 3 7 4 6 1")]
    public void Is_frozen_with_weights(string path, string order) =>
        Assert.That(OrderOf(Weighted(), path), Is.EqualTo(order));

    [TestCase("", 0x58A9872BCA281230UL)]
    [TestCase("/", 0x465CB0A209300BF6UL)]
    [TestCase("/r/app/", 0x9C3D740D3B3541E1UL)]
    [TestCase("/r/app/f", 0x51C19D49963F9D13UL)]
    [TestCase("/r/app/fn", 0xAC143A3392AB6172UL)]
    [TestCase("/r/app/function", 0xF57B4871D00693D8UL)]
    public void The_key_of_a_path_is_frozen(string path, ulong hash) =>
        Assert.That(Cluster.Key(path).Hash, Is.EqualTo(hash));

    [Test]
    public void Does_not_depend_on_the_order_in_which_nodes_were_added()
    {
        Cluster one = new(5);
        Cluster other = new(0);
        foreach (int index in new[] { 3, 0, 4, 2, 1 })
        {
            other.Add(index);
        }

        foreach (RouteKey route in Routes(100))
        {
            Assert.That(Addresses(other.Order(route)), Is.EqualTo(Addresses(one.Order(route))));
        }
    }

    [Test]
    public void The_first_eight_are_the_head_of_the_whole_order([Values] bool isWeighted)
    {
        Cluster cluster = new(60, null, isWeighted ? [.. Enumerable.Range(1, 60).Select(i => i % 7 + 0.5)] : []);
        Gen.ULong.Select(Gen.Int[1, 8]).Sample((hash, count) =>
        {
            RouteKey route = new(hash);
            int[] ranks = new int[count];
            cluster.Ring.SelectRanks(route, ranks);
            int[] sorted = [.. Enumerable.Range(0, 60).OrderByDescending(index => cluster.Ring.Score(index, route))];
            return ranks.SequenceEqual(sorted.Take(count)) && cluster.Ring.RankOf(sorted[17], route) == 17;
        });
    }

    [Test]
    public void A_removed_node_moves_its_own_routes_only()
    {
        Cluster cluster = new(8);
        RouteKey[] routes = Routes(1000);
        Node[] homes = [.. routes.Select(route => cluster.Order(route)[0])];
        Node removed = cluster.Ring.Nodes[3];

        cluster.Remove(removed);

        for (int i = 0; i < routes.Length; i++)
        {
            Assert.That(cluster.Order(routes[i])[0] == homes[i], Is.EqualTo(homes[i] != removed));
        }
    }

    [Test]
    public void Routes_spread_as_the_weights_say()
    {
        Cluster cluster = new(3, null, 1, 2, 5);
        int[] homes = new int[3];
        foreach (RouteKey route in Routes(20_000))
        {
            homes[Array.IndexOf([.. cluster.Ring.Nodes], cluster.Order(route)[0])]++;
        }

        Assert.That(homes[0], Is.EqualTo(2_500).Within(200));
        Assert.That(homes[1], Is.EqualTo(5_000).Within(250));
        Assert.That(homes[2], Is.EqualTo(12_500).Within(300));
    }

    [Test]
    public void A_changed_weight_moves_routes_to_or_from_that_node_only()
    {
        Cluster cluster = new(8);
        RouteKey[] routes = Routes(5_000);
        Node[] before = [.. routes.Select(route => cluster.Order(route)[0])];
        Node grown = cluster.Ring.Nodes[2];

        grown.Weight = 2;
        cluster.Directory.AnnounceWeights();

        Node[] after = [.. routes.Select(route => cluster.Order(route)[0])];
        int moved = 0;
        for (int i = 0; i < routes.Length; i++)
        {
            Assert.That(after[i] == before[i] || after[i] == grown);
            moved += after[i] == before[i] ? 0 : 1;
        }

        // From an eighth to two ninths.
        Assert.That(moved, Is.EqualTo(5_000 * ((2 / 9.0) - (1 / 8.0))).Within(80));
    }

    [Test]
    public void A_changed_weight_hashes_no_address_anew_and_looks_for_nothing_that_was_learned()
    {
        Cluster cluster = new(8);
        NodeRing before = cluster.Ring;

        before.Nodes[2].StartShare = 0.1;
        cluster.Directory.AnnounceWeights();

        Assert.That((cluster.Ring.Version, cluster.Ring.IsWeighted), Is.EqualTo((before.Version + 1, true)));
        Assert.That(cluster.Ring.Loads, Is.SameAs(before.Loads));
    }

    [Test]
    public void The_own_logarithm_is_that_of_the_platform_to_fifteen_digits()
    {
        Gen.Double[double.Epsilon, 1].Where(u => double.IsNormal(u) && u < 1).Sample(u =>
        {
            double expected = -Math.Log(u);
            return Math.Abs(PortableLog.NegativeOf(u) - expected) <= 4e-15 * expected;
        });
        Assert.That(PortableLog.NegativeOf(Math.BitDecrement(1.0)), Is.EqualTo(Math.Pow(2, -53)).Within(1).Percent);
    }

    [TestCase(0.25, 4608922133940812271)]
    public void The_own_logarithm_has_the_same_bits_everywhere(double value, long bits) =>
        Assert.That(BitConverter.DoubleToInt64Bits(PortableLog.NegativeOf(value)), Is.EqualTo(bits));

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void A_weight_that_is_none_is_refused(double weight)
    {
        Cluster cluster = new(2);
        cluster.Ring.Nodes[1].Weight = weight;

        Assert.That(cluster.Directory.AnnounceWeights, Throws.ArgumentException);
    }

    private static Cluster Weighted() => new(8, null, 1, 2, 1, 0.5, 3, 1, 1, 10);

    private static RouteKey[] Routes(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Cluster.Key($"/r/app/f{i}"))];

    private static string[] Addresses(Node[] nodes) => [.. nodes.Select(node => node.Address.Text)];

    private static string OrderOf(Cluster cluster, string path) => string.Join(
        ' ', cluster.Order(Cluster.Key(path)).Select(node => node.Address.Host.Split('.')[3]));
}

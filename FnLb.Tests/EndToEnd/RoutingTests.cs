using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.EndToEnd;

/// <summary>The path decides the node; every process decides alike.</summary>
public sealed class RoutingTests : EndToEndTest
{
    private const int Paths = 1000;

    [Test]
    public async Task A_path_goes_to_one_node_whatever_its_query_and_its_method()
    {
        FnlbProcess fnlb = await StartFnlbAsync([StartNode(), StartNode(), StartNode()]);
        RawClient client = await ConnectAsync(fnlb);

        for (int i = 0; i < 20; i++)
        {
            string[] seen =
            [
                (await client.GetAsync($"/r/app/f{i}")).Text,
                (await client.GetAsync($"/r/app/f{i}?x=1")).Text,
                (await client.PostAsync($"/r/app/f{i}", "body")).Text,
                (await (await ConnectAsync(fnlb)).GetAsync($"/r/app/f{i}")).Text,
            ];
            Assert.That(seen.Distinct().Count(), Is.EqualTo(1));
        }
    }

    [TestCase(2)]
    [TestCase(3)]
    [TestCase(8)]
    public async Task Paths_spread_evenly_over_the_nodes(int count)
    {
        ScriptedNode[] nodes = [.. Enumerable.Range(0, count).Select(_ => StartNode())];
        FnlbProcess fnlb = await StartFnlbAsync(nodes);

        await HomesAsync(fnlb);

        // With 1,000 keys the share of one node in eight strays by a twelfth of its mean (one standard deviation).
        Assert.That(nodes.Select(node => node.Calls.Count), Is.All.InRange(0.4 * Paths / count, 1.6 * Paths / count));
    }

    [Test]
    public async Task Two_load_balancers_place_every_path_alike_whatever_the_order_of_their_nodes()
    {
        ScriptedNode[] nodes = [StartNode(), StartNode(), StartNode()];
        FnlbProcess one = await StartFnlbAsync(nodes);
        FnlbProcess other = await StartFnlbAsync([nodes[2], nodes[0], nodes[1]]);

        Assert.That(await HomesAsync(other), Is.EqualTo(await HomesAsync(one)));
    }

    [Test]
    public async Task A_removed_node_moves_only_its_own_paths()
    {
        ScriptedNode[] nodes = [StartNode(), StartNode(), StartNode()];
        FnlbProcess fnlb = await StartFnlbAsync(nodes);
        string[] before = await HomesAsync(fnlb);

        await fnlb.Admin.RemoveAsync(nodes[1].Address);
        string[] after = await HomesAsync(fnlb);

        string removed = nodes[1].Address;
        Assert.That(after, Has.None.EqualTo(removed));
        Assert.That(before.Zip(after).Where(pair => pair.First != removed).All(pair => pair.First == pair.Second));
    }

    private async Task<string[]> HomesAsync(FnlbProcess fnlb)
    {
        RawClient client = await ConnectAsync(fnlb);
        string[] homes = new string[Paths];
        for (int i = 0; i < Paths; i++)
        {
            homes[i] = (await client.GetAsync($"/r/app/f{i}")).Text;
        }

        return homes;
    }
}

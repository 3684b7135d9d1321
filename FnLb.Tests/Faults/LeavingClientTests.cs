using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Faults;

/// <summary>Clients that end their stream while their call is on its way from one node to another.</summary>
public sealed class LeavingClientTests : EndToEndTest
{
    [Test]
    public async Task A_client_that_left_before_its_call_went_to_another_node_costs_no_connection_but_its_own()
    {
        TaskCompletionSource arrived = new();
        TaskCompletionSource released = new();
        ScriptedNode refusing = StartNode();
        ScriptedNode other = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync([refusing, other], "--threads=1");
        RawClient bystander = await ConnectAsync(fnlb);
        string refused = await RouteOfAsync(bystander, refusing);
        string held = await RouteOfAsync(bystander, other);
        other.Script = async call =>
        {
            if (call.Head.Has("Held"))
            {
                arrived.SetResult();
                await released.Task;
            }

            await call.AnswerAsync("");
        };
        refusing.Kill();

        // The end of its stream is known before its second call, whose body it cuts, is placed.
        RawClient leaving = await ConnectAsync(fnlb);
        await leaving.SendAsync(
            $"GET {held} HTTP/1.1\r\nHost: a\r\nHeld: 1\r\n\r\n"
                + $"PUT {refused} HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\npart");
        leaving.HalfClose();
        await arrived.Task;
        await bystander.GetAsync(held);
        released.SetResult();

        Assert.That((await leaving.ReadAnswerAsync()).Status, Is.EqualTo(200));
        await leaving.ReadCloseAsync();
        Assert.That((await bystander.GetAsync(refused)).Status, Is.EqualTo(200));
        await Eventually.HoldsAsync(
            async () => await IdleAsync(fnlb) == other.ConnectionsOpenWithCalls,
            "the idle connections are those that are open");
    }

    private static async Task<string> RouteOfAsync(RawClient client, ScriptedNode node)
    {
        string route;
        int number = 0;
        do
        {
            route = $"/r/app/f{number++}";
        }
        while ((await client.GetAsync(route)).Text != node.Address);

        return route;
    }

    private static async Task<double> IdleAsync(FnlbProcess fnlb)
    {
        PrometheusText metrics = new((await fnlb.Admin.SendAsync(HttpMethod.Get, "/metrics")).Body);
        return metrics["fnlb_node_connections_idle"];
    }
}

using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.EndToEnd;

/// <summary>Active checks and what they decide.</summary>
public sealed class HealthTests : EndToEndTest
{
    private const string Failing = "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n";

    [Test]
    public async Task A_node_goes_after_two_failed_checks_and_comes_back_after_one_good_one()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node, "-hc-interval=1");
        string good = node.CheckAnswer!;

        node.CheckAnswer = Failing;
        int checksBefore = node.Checks;
        await fnlb.Admin.WaitForStateAsync(node.Address, "offline");
        int checksToGo = node.Checks - checksBefore;
        int status = (await (await ConnectAsync(fnlb)).GetAsync("/r/app/f")).Status;

        node.CheckAnswer = good;
        await fnlb.Admin.WaitForStateAsync(node.Address, "online");

        Assert.That((checksToGo, status), Is.EqualTo((2, 503)));
    }

    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "offline")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n{\"version\":\"0.0.234\"}", "offline")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n{\"version\":\"0.0.235\"}", "online")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n{\"version\":\"none\"}", "offline")]
    [TestCase("HTTP/1.1 500 Oops\r\nContent-Length: 21\r\n\r\n{\"version\":\"0.3.750\"}", "offline")]
    [TestCase("junk", "offline")]
    public async Task The_first_check_decides_by_the_version(string answer, string state)
    {
        ScriptedNode node = StartNode();
        node.CheckAnswer = answer;
        FnlbProcess fnlb = await StartFnlbAsync([]);

        await fnlb.Admin.AddAsync(node.Address);

        // "Not checked yet" reads as offline too: the check must have been answered and changed nothing.
        await Eventually.HoldsAsync(() => node.Checks > 0, "checked");
        await fnlb.Admin.WaitForStateAsync(node.Address, state);
        await Eventually.StaysTrueAsync(
            () => fnlb.Admin.NodesAsync().Result[node.Address] == state, TimeSpan.FromMilliseconds(200), state);
    }

    [Test]
    public async Task An_empty_minimum_version_lets_any_2xx_pass()
    {
        ScriptedNode node = StartNode();
        node.CheckAnswer = "HTTP/1.1 204 No Content\r\n\r\n";

        FnlbProcess fnlb = await StartFnlbAsync(node, "-min-api-version=");

        Assert.That((await (await ConnectAsync(fnlb)).GetAsync("/r/app/f")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Checks_of_one_node_never_overlap()
    {
        int running = 0;
        int runningMax = 0;
        int checks = 0;
        ScriptedNode node = StartNode(async call =>
        {
            runningMax = Math.Max(runningMax, Interlocked.Increment(ref running));
            Interlocked.Increment(ref checks);
            await call.Connection.ReadCloseAsync(TimeSpan.FromSeconds(30));
            Interlocked.Decrement(ref running);
            call.Connection.Close();
        });
        node.CheckAnswer = null;
        FnlbProcess fnlb = await StartFnlbAsync([], "-hc-interval=1", "-hc-timeout=2");

        await fnlb.Admin.AddAsync(node.Address);

        await Eventually.HoldsAsync(() => Volatile.Read(ref checks) >= 2, "two checks timed out one after the other");
        Assert.That(runningMax, Is.EqualTo(1));
    }

    [Test]
    public async Task A_refused_call_takes_the_node_out_at_once_and_asks_for_a_check()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node);
        RawClient client = await ConnectAsync(fnlb);
        node.Kill();

        int status = (await client.GetAsync("/r/app/f")).Status;
        await fnlb.Admin.WaitForStateAsync(node.Address, "offline");

        Assert.That(status, Is.EqualTo(503).Or.EqualTo(502));
    }

    [Test]
    public async Task A_node_that_refused_one_call_and_is_well_again_comes_back_by_the_check_that_the_call_asked_for()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node, "-hc-interval=1");
        RawClient client = await ConnectAsync(fnlb);
        node.Kill();
        await client.GetAsync("/r/app/f");

        node.Revive();

        await fnlb.Admin.WaitForStateAsync(node.Address, "online");
        Assert.That((await client.GetAsync("/r/app/f")).Status, Is.EqualTo(200));
    }
}

using System.Net.Sockets;
using System.Text;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Faults;

/// <summary>Bodies that the kernel moves from socket to socket, and sides that leave in their middle.</summary>
public sealed class LargeBodyTests : EndToEndTest
{
    private const int BodyBytes = 8_000_000;
    private const int Rounds = 40;

    [Test]
    public async Task Large_answers_on_one_connection_arrive_byte_for_byte_with_small_ones_between()
    {
        byte[] body = Payload.Random(BodyBytes);
        ScriptedNode node = StartNode(
            call => call.AnswerAsync(call.Target == "/r/app/large" ? body : "small"u8.ToArray()));
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        for (int i = 0; i < 5; i++)
        {
            Assert.That((await client.GetAsync("/r/app/large")).Body.AsSpan().SequenceEqual(body), Is.True);
            Assert.That((await client.GetAsync("/r/app/small")).Text, Is.EqualTo("small"));
        }

        int[] connections = [.. node.Calls.Select(call => call.Connection.Number).Distinct()];
        Assert.That(connections, Has.Length.EqualTo(1), "the node connection is used again");
    }

    [Test]
    public async Task A_large_upload_of_which_a_part_was_held_arrives_byte_for_byte()
    {
        byte[] body = Payload.Random(BodyBytes);
        byte[] received = [];
        ScriptedNode node = StartNode(async call =>
        {
            received = await call.ReadBodyAsync();
            await call.AnswerAsync("done");
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        await client.SendAsync($"POST /r/app/f HTTP/1.1\r\nHost: a\r\nContent-Length: {BodyBytes}\r\n\r\n");
        await client.SendAsync(body);
        WireResponse answer = await client.ReadAnswerAsync();

        Assert.That(answer.Text, Is.EqualTo("done"));
        Assert.That(received.AsSpan().SequenceEqual(body), Is.True);
    }

    [Test]
    public async Task Clients_that_leave_within_a_large_answer_cost_no_other_byte_and_no_descriptor()
    {
        byte[] body = Payload.Random(BodyBytes);
        ScriptedNode node = StartNode(async call =>
        {
            try
            {
                await call.AnswerAsync(body);
            }
            catch (SocketException)
            {
                call.Connection.Close();
            }
        });
        FnlbProcess fnlb = await StartFnlbAsync(node, "--threads=1");
        await LeaveAsync(fnlb, reset: true);
        int before = fnlb.Descriptors;

        for (int i = 0; i < Rounds; i++)
        {
            await LeaveAsync(fnlb, reset: i % 2 == 0);
        }

        await Eventually.HoldsAsync(() => fnlb.Descriptors <= before, "every connection and pipe is given back");
        WireResponse answer = await (await ConnectAsync(fnlb)).GetAsync("/r/app/f");
        Assert.That(answer.Body.AsSpan().SequenceEqual(body), Is.True);
    }

    [Test]
    public async Task A_node_that_dies_within_a_large_answer_leaves_the_client_with_a_broken_one([Values] bool reset)
    {
        const int part = BodyBytes / 2;
        byte[] head = Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {BodyBytes}\r\n\r\n");
        ScriptedNode node = StartNode(async call =>
        {
            await call.Connection.SendAsync((byte[])[.. head, .. new byte[part]]);
            if (reset)
            {
                call.Connection.Reset();
            }
            else
            {
                call.Connection.Close();
            }
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        await client.SendAsync("GET /r/app/f HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.That(
            async () => await client.ReadAnswerAsync(),
            Throws.InstanceOf<EndOfStreamException>().Or.InstanceOf<SocketException>());
    }

    private async Task LeaveAsync(FnlbProcess fnlb, bool reset)
    {
        RawClient client = await ConnectAsync(fnlb);
        await client.SendAsync("GET /r/app/f HTTP/1.1\r\nHost: a\r\n\r\n");
        _ = await client.ReadHeadAsync();
        await client.Reader.ReadExactlyAsync(BodyBytes / 4);
        if (reset)
        {
            client.Reset();
        }
        else
        {
            client.Dispose();
        }
    }
}

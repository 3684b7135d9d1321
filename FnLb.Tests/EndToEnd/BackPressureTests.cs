using System.Net;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.EndToEnd;

/// <summary>A side that reads slowly holds the other side back instead of filling memory.</summary>
public sealed class BackPressureTests : EndToEndTest
{
    private const long BodyBytes = 100L * 1024 * 1024;
    private const long ResidentBytesMax = 60L * 1024 * 1024;
    private const int SlowReads = 3;
    private const string LittleMemory = "less than 60 MB resident";

    private static readonly byte[] Block = Payload.Random(64 * 1024);

    [Test]
    public async Task A_client_that_reads_a_byte_a_second_does_not_make_memory_grow()
    {
        ScriptedNode node = StartNode(async call =>
        {
            await call.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {BodyBytes}\r\n\r\n");
            for (long sent = 0; sent < BodyBytes; sent += Block.Length)
            {
                await call.Connection.SendAsync(Block);
            }
        });
        FnlbProcess fnlb = await StartFnlbAsync(node);
        RawClient client = Own(await RawClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, fnlb.Port), 4096));

        await client.SendAsync("GET /r/app/big HTTP/1.1\r\nHost: a\r\n\r\n");
        byte[] one = new byte[1];
        for (int i = 0; i < SlowReads; i++)
        {
            Assert.That(await client.Socket.ReceiveAsync(one), Is.EqualTo(1));
            await Eventually.StaysTrueAsync(
                () => fnlb.ResidentBytes < ResidentBytesMax, TimeSpan.FromSeconds(1), LittleMemory);
        }

        NodeConnection sender = node.Calls.Single().Connection;
        Assert.That(sender.BytesSent, Is.LessThan(BodyBytes / 2), "the node was held back");

        // All of it still arrives: the answer's head and the body, less the bytes read one by one.
        long expected = BodyBytes - SlowReads;
        long received = 0;
        while (received < expected && await client.Reader.FillAsync())
        {
            received += client.Reader.Discard();
            Assert.That(fnlb.ResidentBytes, Is.LessThan(ResidentBytesMax));
        }

        Assert.That(received, Is.InRange(expected, expected + 1000));
    }

    [Test]
    public async Task A_node_that_does_not_read_does_not_make_memory_grow()
    {
        TaskCompletionSource mayRead = new();
        ScriptedNode node = StartNode(async call =>
        {
            await mayRead.Task;
            long received = call.Connection.Reader.Discard();
            while (received < BodyBytes && await call.Connection.Reader.FillAsync())
            {
                received += call.Connection.Reader.Discard();
            }

            await call.SendAsync(
                $"HTTP/1.1 200 OK\r\nConnection: close\r\nX-Received: {received}\r\nContent-Length: 0\r\n\r\n");
            call.Connection.Close();
        });
        FnlbProcess fnlb = await StartFnlbAsync(node);
        RawClient client = await ConnectAsync(fnlb);

        await client.SendAsync($"POST /r/app/big HTTP/1.1\r\nHost: a\r\nContent-Length: {BodyBytes}\r\n\r\n");
        long sent = 0;
        Task sending = Task.Run(async () =>
        {
            for (; sent < BodyBytes; sent += Block.Length)
            {
                await client.SendAsync(Block);
            }
        });
        await Eventually.StaysTrueAsync(
            () => fnlb.ResidentBytes < ResidentBytesMax, TimeSpan.FromSeconds(2), LittleMemory);
        Assert.That(Volatile.Read(ref sent), Is.LessThan(BodyBytes / 2), "the client was held back");

        mayRead.SetResult();
        await sending;
        WireResponse answer = await client.ReadAnswerAsync();
        Assert.That(answer.Head.Value("X-Received"), Is.EqualTo($"{BodyBytes}"));
    }
}

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
    private static readonly byte[] Chunk = [.. "10000\r\n"u8, .. Block, .. "\r\n"u8];
    private static readonly byte[] LastChunk = "0\r\n\r\n"u8.ToArray();

    [Test]
    public async Task A_client_that_reads_a_byte_a_second_does_not_make_memory_grow([Values] bool isChunked)
    {
        ScriptedNode node = StartNode(async call =>
        {
            await call.SendAsync($"HTTP/1.1 200 OK\r\n{Framing(isChunked)}\r\n\r\n");
            await SendBodyAsync(call.Connection.SendAsync, isChunked);
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

        // All of it still arrives, with the head and, where there are chunks, their framing.
        long received = SlowReads;
        while (received < BodyBytes && await client.Reader.FillAsync())
        {
            received += client.Reader.Discard();
            Assert.That(fnlb.ResidentBytes, Is.LessThan(ResidentBytesMax));
        }

        Assert.That(received, Is.GreaterThanOrEqualTo(BodyBytes));
    }

    [Test]
    public async Task A_node_that_does_not_read_does_not_make_memory_grow([Values] bool isChunked)
    {
        TaskCompletionSource mayRead = new();
        ScriptedNode node = StartNode(async call =>
        {
            await mayRead.Task;
            await call.AnswerAsync($"{(await call.ReadBodyAsync()).Length}");
        });
        FnlbProcess fnlb = await StartFnlbAsync(node);
        RawClient client = await ConnectAsync(fnlb);

        await client.SendAsync($"POST /r/app/big HTTP/1.1\r\nHost: a\r\n{Framing(isChunked)}\r\n\r\n");
        long sent = 0;
        Task sending = SendBodyAsync(
            async bytes =>
            {
                await client.SendAsync(bytes);
                Interlocked.Add(ref sent, bytes.Length);
            },
            isChunked);
        await Eventually.StaysTrueAsync(
            () => fnlb.ResidentBytes < ResidentBytesMax, TimeSpan.FromSeconds(2), LittleMemory);
        Assert.That(Interlocked.Read(ref sent), Is.LessThan(BodyBytes / 2), "the client was held back");

        mayRead.SetResult();
        await sending;
        Assert.That((await client.ReadAnswerAsync()).Text, Is.EqualTo($"{BodyBytes}"));
    }

    private static string Framing(bool isChunked) =>
        isChunked ? "Transfer-Encoding: chunked" : $"Content-Length: {BodyBytes}";

    private static async Task SendBodyAsync(Func<ReadOnlyMemory<byte>, Task> send, bool isChunked)
    {
        for (long sent = 0; sent < BodyBytes; sent += Block.Length)
        {
            await send(isChunked ? Chunk : Block);
        }

        if (isChunked)
        {
            await send(LastChunk);
        }
    }
}

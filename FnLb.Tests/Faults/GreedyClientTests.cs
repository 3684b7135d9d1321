using System.Net.Sockets;
using System.Text;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Faults;

/// <summary>
/// Clients that send more than they should, many at once: memory stays bounded, and others are served.
/// </summary>
public sealed class GreedyClientTests : EndToEndTest
{
    private const int Clients = 100;
    private const long Megabyte = 1024 * 1024;

    // A client may have the limit of a head in the balancer, and a little for its state.
    private const long PerClientMax = 80 * 1024;

    private static readonly TimeSpan NoProgress = TimeSpan.FromSeconds(1);

    [Test]
    public async Task Ten_thousand_fields_from_each_are_refused()
    {
        string fields = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"X{i}: y\r\n"));
        await RefusedAsync($"GET / HTTP/1.1\r\nHost: a\r\n{fields}\r\n", 431);
    }

    [Test]
    public async Task A_flood_of_chunk_extensions_from_each_is_refused()
    {
        string flood = string.Concat(Enumerable.Repeat("1;a=" + new string('b', 1000) + "\r\nx\r\n", 1000));
        await RefusedAsync($"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{flood}", 400);
    }

    [Test]
    public async Task A_flood_of_trailers_from_each_is_refused()
    {
        string flood = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"X{i}: y\r\n"));
        await RefusedAsync($"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n{flood}\r\n", 400);
    }

    [Test]
    public async Task A_large_part_of_a_head_from_each_takes_no_more_than_its_limit()
    {
        FnlbProcess fnlb = await StartFnlbAsync(StartNode());
        await (await ConnectAsync(fnlb)).GetAsync("/");
        long before = fnlb.ResidentBytes;
        byte[] part = Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: a\r\nX: {new string('y', 60_000)}");
        for (int i = 0; i < Clients; i++)
        {
            await (await ConnectAsync(fnlb)).SendAsync(part);
        }

        await (await ConnectAsync(fnlb)).GetAsync("/");

        Assert.That(fnlb.ResidentBytes - before, Is.LessThan((Clients * PerClientMax) + (8 * Megabyte)));
    }

    [Test]
    public async Task Pipelined_requests_that_nobody_reads_the_answers_of_stop_the_client_and_not_the_balancer()
    {
        FnlbProcess fnlb = await StartFnlbAsync(StartNode());
        await (await ConnectAsync(fnlb)).GetAsync("/");
        long before = fnlb.ResidentBytes;
        byte[] requests = Encoding.ASCII.GetBytes(
            string.Concat(Enumerable.Repeat("GET /r/app/f HTTP/1.1\r\nHost: a\r\n\r\n", 1000)));

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => FloodAsync(fnlb, requests)));

        Assert.That(fnlb.ResidentBytes - before, Is.LessThan(16 * Megabyte));
        Assert.That((await (await ConnectAsync(fnlb)).GetAsync("/")).Status, Is.EqualTo(200));
    }

    // Ends when the balancer takes no more.
    private async Task FloodAsync(FnlbProcess fnlb, byte[] requests)
    {
        RawClient client = await ConnectAsync(fnlb);
        client.Socket.SendBufferSize = 64 * 1024;
        client.Socket.ReceiveBufferSize = 64 * 1024;
        while (true)
        {
            using CancellationTokenSource expiry = new(NoProgress);
            try
            {
                await client.Socket.SendAsync(requests, SocketFlags.None, expiry.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task RefusedAsync(string request, int status)
    {
        FnlbProcess fnlb = await StartFnlbAsync(StartNode());
        await (await ConnectAsync(fnlb)).GetAsync("/");
        long before = fnlb.ResidentBytes;

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            RawClient client = await ConnectAsync(fnlb);
            Task sending = client.SendAsync(request);
            Assert.That((await client.ReadAnswerAsync()).Status, Is.EqualTo(status));
            await client.ReadCloseAsync();
            await Task.WhenAny(sending);
        }));

        Assert.That(fnlb.ResidentBytes - before, Is.LessThan((Clients * PerClientMax) + (8 * Megabyte)));
        Assert.That((await (await ConnectAsync(fnlb)).GetAsync("/")).Status, Is.EqualTo(200));
    }
}

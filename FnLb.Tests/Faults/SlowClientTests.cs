using System.Diagnostics;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Faults;

/// <summary>
/// Thousands of clients that never finish a request cost the others next to nothing, and are sent away.
/// </summary>
public sealed class SlowClientTests : EndToEndTest
{
    private const int SlowClients = 5000;
    private const int TrickledAtOnce = 50;
    private const int Calls = 4000;
    private const string PartOfHead = "GET /slow HTTP/1.1\r\nHost: a\r\nX: ";

    [Test]
    public async Task Beside_5000_clients_that_trickle_a_normal_client_is_served_as_before()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node, "--head-timeout=60s");
        RawClient normal = await ConnectAsync(fnlb);
        await MeasureAsync(normal);
        TimeSpan before = await MeasureAsync(normal);
        RawClient[] slow = await ConnectManyAsync(fnlb);
        using CancellationTokenSource done = new();
        Task trickling = TrickleAsync(slow, done.Token);

        TimeSpan beside = await MeasureAsync(normal);
        await done.CancelAsync();
        await trickling;

        string figures = $"p99 {before.TotalMilliseconds:0.000} ms before, {beside.TotalMilliseconds:0.000} ms beside "
            + $"{SlowClients} slow clients; resident {fnlb.ResidentBytes / 1e6:0.0} MB";
        TestContext.Out.WriteLine(figures);

        // What is measured is the machine too, with whatever else runs on it.
        Assert.That(beside, Is.LessThan((2 * before) + TimeSpan.FromMilliseconds(20)), figures);
        Assert.That(slow.Count(client => client.Socket.Available > 0), Is.Zero, "slow clients that were answered");
    }

    [Test]
    public async Task All_5000_are_told_408_when_their_time_is_over()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node, "--head-timeout=5s");
        RawClient[] slow = await ConnectManyAsync(fnlb);

        WireResponse[] answers = await Task.WhenAll(slow.Select(client => client.ReadAnswerAsync()));
        Array.ForEach(slow, client => client.Dispose());

        Assert.That(answers.Select(answer => answer.Status), Is.All.EqualTo(408));
        Assert.That(node.Calls, Is.Empty);
        Assert.That((await (await ConnectAsync(fnlb)).GetAsync("/")).Status, Is.EqualTo(200));
        Assert.That(fnlb.ResidentBytes, Is.LessThan(100 * 1024 * 1024));
    }

    private static async Task<TimeSpan> MeasureAsync(RawClient client)
    {
        TimeSpan[] latencies = new TimeSpan[Calls];
        for (int i = 0; i < Calls; i++)
        {
            long started = Stopwatch.GetTimestamp();
            WireResponse answer = await client.GetAsync("/r/app/f");
            latencies[i] = Stopwatch.GetElapsedTime(started);
            Assert.That(answer.Status, Is.EqualTo(200));
        }

        Array.Sort(latencies);
        return latencies[Calls * 99 / 100];
    }

    // A byte of each client about every second, spread evenly: what is measured is not to be the load of the test.
    private static async Task TrickleAsync(RawClient[] clients, CancellationToken done)
    {
        using PeriodicTimer tick = new(TimeSpan.FromSeconds(1) / (SlowClients / TrickledAtOnce));
        for (int next = 0; !done.IsCancellationRequested; next = (next + TrickledAtOnce) % SlowClients)
        {
            foreach (RawClient client in clients.AsSpan(next, TrickledAtOnce).ToArray())
            {
                await client.SendAsync("x");
            }

            await tick.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task<RawClient[]> ConnectManyAsync(FnlbProcess fnlb)
    {
        RawClient[] clients = new RawClient[SlowClients];
        for (int i = 0; i < SlowClients; i++)
        {
            clients[i] = await ConnectAsync(fnlb);
            await clients[i].SendAsync(PartOfHead);
        }

        return clients;
    }
}

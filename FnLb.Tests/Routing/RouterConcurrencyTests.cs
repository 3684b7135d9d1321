using FnLb.Core.Nodes;
using FnLb.Core.Routing;
using NUnit.Framework;

namespace FnLb.Tests.Routing;

/// <summary>Many loops at once: estimates may blur, counts may not.</summary>
public sealed class RouterConcurrencyTests
{
    private const int Threads = 4;

    [Test]
    public void Every_call_is_counted_out_whatever_the_membership_does_meanwhile()
    {
        Cluster cluster = new(12, new RouterOptions { FunctionsMax = 16 });
        using CancellationTokenSource stop = new();
        Task membership = Task.Run(() => ChangeMembership(cluster, stop.Token));
        Run(thread =>
        {
            Random random = new(thread);
            List<Placement> running = [];
            for (int step = 0; step < 60_000; step++)
            {
                long now = 1_000_000 + step;
                running.Add(cluster.Router.Place(new RouteKey(RouteKey.Mix((ulong)random.Next(40))), [], now));
                while (running.Count > random.Next(20))
                {
                    Release(cluster, running, random.Next(running.Count), random, now);
                }
            }

            while (running.Count > 0)
            {
                Release(cluster, running, running.Count - 1, random, 2_000_000);
            }
        });
        stop.Cancel();
        membership.Wait();

        Assert.That(cluster.Router.InFlight, Is.Zero);
        Assert.That(cluster.Ring.Nodes.Select(node => node.InFlight), Is.All.Zero);
        for (ulong path = 0; path < 40; path++)
        {
            RouteKey route = new(RouteKey.Mix(path));
            Assert.That(cluster.Router.Explain(route, 2_000_000).Nodes.Select(node => node.FunctionCalls), Is.All.Zero);
        }
    }

    [Test]
    public void A_burst_on_all_loops_does_not_send_more_calls_than_containers_are_warm()
    {
        for (int round = 0; round < 200; round++)
        {
            Cluster cluster = new(8);
            RouteKey route = Cluster.Key($"/r/app/f{round}");
            cluster.Warm(route, 4);
            var placements = new Placement[Threads][];
            using Barrier start = new(Threads);
            Run(thread =>
            {
                start.SignalAndWait();
                placements[thread] = [.. Enumerable.Range(0, 3).Select(_ => cluster.Place(route))];
            });

            // A decision that lost the last container four times in a row may overshoot; three threads cannot make it.
            Placement[] warm = [.. placements.SelectMany(calls => calls).Where(call => call.IsWarm)];
            Assert.That(warm.Select(call => call.FunctionCalls), Is.All.LessThanOrEqualTo(4));
        }
    }

    private static void Run(Action<int> body)
    {
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(index => new Thread(() => body(index)))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }
    }

    private static void Release(Cluster cluster, List<Placement> running, int index, Random random, long now)
    {
        Placement placement = running[index];
        running.RemoveAt(index);
        if (placement.Node is not null)
        {
            var outcome = (CallOutcome)random.Next(3);
            cluster.Router.Release(placement, outcome, random.Next(4) * 400_000_000L - 1, now);
        }
    }

    private static void ChangeMembership(Cluster cluster, CancellationToken stop)
    {
        Node[] all = [.. cluster.Ring.Nodes];
        Random random = new(99);
        while (!stop.IsCancellationRequested)
        {
            Node[] some = [.. all.Where(_ => random.Next(3) > 0)];
            foreach (Node node in some)
            {
                node.Weight = 1 + random.Next(2);
            }

            cluster.Router.Publish(some);
        }

        foreach (Node node in all)
        {
            node.Weight = 1;
        }

        cluster.Router.Publish(all);
    }
}

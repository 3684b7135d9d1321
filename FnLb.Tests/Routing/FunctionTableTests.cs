using FnLb.Core.Routing;
using NUnit.Framework;

namespace FnLb.Tests.Routing;

/// <summary>Memory for functions: bounded, and kept for those that are called.</summary>
public sealed class FunctionTableTests
{
    [Test]
    public void A_known_function_is_found_again()
    {
        FunctionTable table = new(functionsMax: 64, keptSeconds: 60);

        FunctionLoad? load = table.FindOrAdmit(new RouteKey(7), nowSeconds: 1);

        Assert.That(load, Is.Not.Null);
        Assert.That(table.FindOrAdmit(new RouteKey(7), nowSeconds: 2), Is.SameAs(load));
        Assert.That(table.Find(new RouteKey(7)), Is.SameAs(load));
        Assert.That(table.Find(new RouteKey(8)), Is.Null);
    }

    [TestCase(1, 8)]
    [TestCase(64, 64)]
    [TestCase(65, 128)]
    [TestCase(65_536, 65_536)]
    public void Its_size_is_a_power_of_two(int functionsMax, int capacity) =>
        Assert.That(new FunctionTable(functionsMax, 60).Capacity, Is.EqualTo(capacity));

    [Test]
    public void A_path_of_which_nothing_hashes_is_one_like_others()
    {
        FunctionTable table = new(functionsMax: 8, keptSeconds: 60);

        Assert.That(table.FindOrAdmit(new RouteKey(0), nowSeconds: 1)!.Route, Is.EqualTo(new RouteKey(0)));
        Assert.That(table.Find(new RouteKey(0)), Is.Not.Null);
    }

    [Test]
    public void A_place_whose_estimates_are_those_of_another_function_is_not_taken_for_the_function_s_own()
    {
        FunctionTable table = new(functionsMax: 8, keptSeconds: 60);
        RouteKey first = new(7);
        RouteKey second = new(8);

        // As two loops leave it that took the place at the same time.
        FunctionLoad shared = table.FindOrAdmit(first, nowSeconds: 1)!;
        Assert.That(shared.TryAssign(second), Is.True);

        Assert.That(table.Find(first), Is.Null);
        FunctionLoad own = table.FindOrAdmit(first, nowSeconds: 1)!;
        Assert.That(own.Route, Is.EqualTo(first));
        Assert.That((table.FindOrAdmit(first, nowSeconds: 2), table.Find(first)), Is.EqualTo((own, own)));
    }

    [Test]
    public void A_scan_over_many_paths_leaves_the_functions_in_use_alone()
    {
        FunctionTable table = new(functionsMax: 1024, keptSeconds: 60);
        RouteKey[] used = [.. Enumerable.Range(0, 300).Select(i => Cluster.Key($"/r/app/f{i}"))];
        FunctionLoad?[] loads = [.. used.Select(route => table.FindOrAdmit(route, 1))];
        Assert.That(used.Select(route => table.FindOrAdmit(route, 1)), Is.EqualTo(loads));

        for (ulong path = 0; path < 100_000; path++)
        {
            _ = table.FindOrAdmit(new RouteKey(RouteKey.Mix(path)), nowSeconds: 30);
        }

        Assert.That(used.Select(table.Find), Is.EqualTo(loads));
        Assert.That(table.Count, Is.EqualTo(1024));
    }

    [Test]
    public void Functions_that_are_not_called_any_more_make_room()
    {
        FunctionTable table = new(functionsMax: 8, keptSeconds: 60);
        for (ulong path = 0; path < 16; path++)
        {
            _ = table.FindOrAdmit(new RouteKey(1 + (path / 2)), nowSeconds: 1);
        }

        Assert.That(table.FindOrAdmit(new RouteKey(100), nowSeconds: 60), Is.Null);
        Assert.That(table.FindOrAdmit(new RouteKey(100), nowSeconds: 61), Is.Not.Null);
        Assert.That(table.Count, Is.EqualTo(8));
    }

    [Test]
    public void A_function_with_calls_in_flight_keeps_its_place()
    {
        Cluster cluster = new(4, new RouterOptions { FunctionsMax = 8 });
        Placement[] running = [.. Enumerable.Range(0, 8).Select(i => cluster.Place(new RouteKey(1 + (ulong)i)))];
        cluster.Now += 600_000;

        Placement next = cluster.Place(new RouteKey(1000));

        Assert.That(running.Select(call => call.FunctionCalls), Is.All.EqualTo(1));
        Assert.That(next.Node, Is.EqualTo(cluster.Order(new RouteKey(1000))[0]), "by rank and load");
        Assert.That((next.Reason, next.Rank, next.FunctionCalls), Is.EqualTo((PlacementReason.Home, 0, 0)));
        cluster.Router.Release(next, CallOutcome.Answered, 0, cluster.Now);
    }

    [Test]
    public void A_call_of_a_known_function_allocates_nothing()
    {
        Cluster cluster = new(200);
        RouteKey route = Cluster.Key("/r/app/f");
        PlaceAndRelease(cluster, route);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int call = 0; call < 1000; call++)
        {
            PlaceAndRelease(cluster, route);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Millions_of_paths_leave_memory_where_it_is()
    {
        Cluster cluster = new(8, new RouterOptions { FunctionsMax = 4096 });
        Scan(cluster, from: 0, count: 100_000);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Scan(cluster, from: 100_000, count: 1_000_000);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(cluster.Router.FunctionCount, Is.EqualTo(4096));
    }

    [Test]
    public void A_function_takes_at_most_four_hundred_bytes()
    {
        Cluster cluster = new(8, new RouterOptions { FunctionsMax = 8192 });
        Scan(cluster, from: 0, count: 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Scan(cluster, from: 1, count: 4000);

        // And 24 bytes of the table itself.
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan((400 - 24) * 4000));
    }

    [Test]
    public void A_path_that_is_called_once_takes_half_of_that_however_many_nodes_there_are()
    {
        Cluster cluster = new(64, new RouterOptions { FunctionsMax = 8192 });
        Scan(cluster, from: 0, count: 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Scan(cluster, from: 1, count: 4000);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan((200 - 24) * 4000));
    }

    private static void Scan(Cluster cluster, ulong from, ulong count)
    {
        for (ulong path = from; path < from + count; path++)
        {
            PlaceAndRelease(cluster, new RouteKey(RouteKey.Mix(path)));
        }
    }

    private static void PlaceAndRelease(Cluster cluster, RouteKey route) =>
        cluster.Router.Release(cluster.Router.Place(route, [], cluster.Now), CallOutcome.Answered, 0, cluster.Now);
}

using System.Diagnostics;
using System.Globalization;
using FnLb.Benchmarks.Reports;
using FnLb.Benchmarks.Routing;
using FnLb.Core.Nodes;
using FnLb.Core.Routing;

namespace FnLb.Benchmarks.Scale;

/// <summary>What a decision costs, and what is remembered, as nodes and functions grow. In this process.</summary>
internal static class DecisionScale
{
    private const int KnownFunctions = 64;
    private const int KnownCalls = 2_000_000;
    private const int NewCalls = 100_000;
    private const int MemoryNodes = 100;
    private const long Now = 1_000_000;
    private static readonly int[] NodeCounts = [10, 100, 1000, 10_000];
    private static readonly int[] FunctionCounts = [100, 10_000, 1_000_000];

    public static ReportTable ByNodes() => new(
        "A decision, by nodes: placed and released on one thread",
        ["nodes", "known function, ns", "new function, ns", "directory and ring, bytes a node"],
        [.. NodeCounts.Select(nodes =>
        {
            // The table of functions is there from the start: what a cluster of one takes is not the nodes'.
            long before = GC.GetTotalMemory(forceFullCollection: true);
            Router single = new(BenchmarkCluster.Of(1));
            long between = GC.GetTotalMemory(forceFullCollection: true);
            NodeDirectory directory = BenchmarkCluster.Of(nodes);
            Router router = new(directory);
            long after = GC.GetTotalMemory(forceFullCollection: true);
            double bytes = (double)(after - between - (between - before)) / (nodes - 1);
            GC.KeepAlive(single);
            Call(router, KnownFunctions, calls: 4 * KnownFunctions);
            double known = NanosecondsPerCall(() => Call(router, KnownFunctions, KnownCalls), KnownCalls);

            // Calls that are all of new functions; the first ones fill the table.
            Call(router, int.MaxValue, NewCalls);
            double fresh = NanosecondsPerCall(() => Call(router, int.MaxValue, NewCalls, first: NewCalls), NewCalls);
            GC.KeepAlive(directory);
            return (IReadOnlyList<string>)[Text(nodes, "N0"), Text(known, "0"), Text(fresh, "0"), Text(bytes, "N0")];
        })]);

    public static ReportTable ByFunctions() => new(
        $"What is remembered, by functions ({MemoryNodes} nodes, each function called three times)",
        ["functions", "remembered", "bytes in all", "bytes a function called", "a call, ns"],
        [.. FunctionCounts.Select(functions =>
        {
            NodeDirectory directory = BenchmarkCluster.Of(MemoryNodes);
            long before = GC.GetTotalMemory(forceFullCollection: true);
            Router router = new(directory);
            Call(router, functions, 2 * functions);
            double nanoseconds = NanosecondsPerCall(() => Call(router, functions, functions), functions);
            long bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
            return (IReadOnlyList<string>)
            [
                Text(functions, "N0"), Text(router.FunctionCount, "N0"), Text(bytes, "N0"),
                Text((double)bytes / functions, "0"), Text(nanoseconds, "0"),
            ];
        })]);

    private static void Call(Router router, int functions, int calls, int first = 0)
    {
        for (int call = first; call < first + calls; call++)
        {
            RouteKey route = new(RouteKey.Mix((ulong)(call % functions) + 1));
            Placement placement = router.Place(route, [], Now);
            router.Release(placement, CallOutcome.Answered, waitNanoseconds: 0, Now);
        }
    }

    private static double NanosecondsPerCall(Action calls, int count)
    {
        long started = Stopwatch.GetTimestamp();
        calls();
        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / count;
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}

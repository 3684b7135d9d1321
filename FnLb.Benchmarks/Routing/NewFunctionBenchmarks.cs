using BenchmarkDotNet.Attributes;
using FnLb.Core.Nodes;
using FnLb.Core.Routing;

namespace FnLb.Benchmarks.Routing;

/// <summary>
/// Cost of calls of functions that were never called before: a scan over paths, long after the table is full.
/// </summary>
[MemoryDiagnoser]
public class NewFunctionBenchmarks
{
    private const long Now = 1_000_000;

    private Router _router = null!;
    private ulong _route;

    [Params(8, 200, 1000)]
    public int Nodes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _router = new Router(BenchmarkCluster.Of(Nodes));
        for (int call = 0; call < 1_000_000; call++)
        {
            _ = PlaceAndRelease();
        }
    }

    [Benchmark]
    public Node? PlaceAndRelease()
    {
        Placement placement = _router.Place(new RouteKey(RouteKey.Mix(++_route)), [], Now);
        _router.Release(placement, CallOutcome.Answered, waitNanoseconds: 0, Now);
        return placement.Node;
    }
}

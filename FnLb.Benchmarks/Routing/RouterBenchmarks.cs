using System.Text;
using BenchmarkDotNet.Attributes;
using FnLb.Core.Nodes;
using FnLb.Core.Routing;

namespace FnLb.Benchmarks.Routing;

/// <summary>Cost of one call of a known function, placed and released. Anything above 0 B is a regression.</summary>
[MemoryDiagnoser]
public class RouterBenchmarks
{
    private const int Routes = 64;
    private const long Now = 1_000_000;

    private Router _router = null!;
    private RouteKey[] _routes = [];
    private int _next;

    [Params(8, 200, 1000)]
    public int Nodes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _router = new Router(BenchmarkCluster.Of(Nodes));
        _routes = [.. Enumerable.Range(0, Routes).Select(i => RouteKey.Of(Encoding.ASCII.GetBytes($"/r/app/f{i}")))];
        for (int call = 0; call < 4 * Routes; call++)
        {
            _ = PlaceAndRelease();
        }
    }

    /// <summary>A decision alone cannot be repeated without its release; both are measured.</summary>
    [Benchmark]
    public Node? PlaceAndRelease()
    {
        Placement placement = _router.Place(_routes[_next++ % Routes], [], Now);
        _router.Release(placement, CallOutcome.Answered, waitNanoseconds: 0, Now);
        return placement.Node;
    }
}

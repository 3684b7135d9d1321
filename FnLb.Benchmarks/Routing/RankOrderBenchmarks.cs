using BenchmarkDotNet.Attributes;
using FnLb.Core.Routing;

namespace FnLb.Benchmarks.Routing;

/// <summary>Cost of the first eight ranks of a new function: a pass over all nodes.</summary>
[MemoryDiagnoser]
public class RankOrderBenchmarks
{
    private readonly int[] _ranks = new int[8];
    private NodeRing _ring = null!;
    private ulong _route;

    [Params(8, 200, 1000)]
    public int Nodes { get; set; }

    [Params(false, true)]
    public bool IsWeighted { get; set; }

    [GlobalSetup]
    public void Setup() =>
        _ring = new Router(BenchmarkCluster.Of(Nodes, IsWeighted ? index => 1 + (index % 3) : null)).Ring;

    [Benchmark]
    public int SelectRanks()
    {
        _ring.SelectRanks(new RouteKey(_route += 0x9E3779B97F4A7C15), _ranks);
        return _ranks[0];
    }
}

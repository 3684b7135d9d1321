using BenchmarkDotNet.Attributes;
using FnLb.Core.Http1;

namespace FnLb.Benchmarks.Http1;

/// <summary>Cost of one request head. The goal for 8 fields is 250 ns; anything above 0 B is a regression.</summary>
[MemoryDiagnoser]
public class RequestHeadParserBenchmarks
{
    private readonly HeadLimits _limits = new();
    private RequestHead _head = null!;
    private byte[] _wire = [];

    [Params(1, 8, 20)]
    public int FieldCount { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _head = new RequestHead(_limits);
        _wire = SampleHeads.Request(FieldCount);
    }

    [Benchmark]
    public int Parse()
    {
        _ = RequestHeadParser.TryParse(_wire, _limits, _head, out _);
        return _head.Length;
    }
}

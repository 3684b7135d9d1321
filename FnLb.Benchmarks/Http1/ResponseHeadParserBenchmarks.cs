using BenchmarkDotNet.Attributes;
using FnLb.Core.Http1;

namespace FnLb.Benchmarks.Http1;

/// <summary>Cost of one response head of six fields. Anything above 0 B is a regression.</summary>
[MemoryDiagnoser]
public class ResponseHeadParserBenchmarks
{
    private readonly HeadLimits _limits = new();
    private readonly byte[] _wire = SampleHeads.Response();
    private ResponseHead _head = null!;

    [GlobalSetup]
    public void SetUp() => _head = new ResponseHead(_limits);

    [Benchmark]
    public int Parse()
    {
        _ = ResponseHeadParser.TryParse(_wire, _limits, RequestMethod.Get, _head, out _);
        return _head.Length;
    }
}

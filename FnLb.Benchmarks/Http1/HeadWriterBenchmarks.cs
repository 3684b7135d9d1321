using BenchmarkDotNet.Attributes;
using FnLb.Core.Http1;

namespace FnLb.Benchmarks.Http1;

/// <summary>Cost of writing the heads of one exchange for the next hop. Anything above 0 B is a regression.</summary>
[MemoryDiagnoser]
public class HeadWriterBenchmarks
{
    private readonly byte[] _request = SampleHeads.Request(fieldCount: 8);
    private readonly byte[] _response = SampleHeads.Response();
    private readonly byte[] _destination = new byte[4096];
    private RequestHead _requestHead = null!;
    private ResponseHead _responseHead = null!;

    [GlobalSetup]
    public void SetUp()
    {
        HeadLimits limits = new();
        _requestHead = new RequestHead(limits);
        _responseHead = new ResponseHead(limits);
        _ = RequestHeadParser.TryParse(_request, limits, _requestHead, out _);
        _ = ResponseHeadParser.TryParse(_response, limits, RequestMethod.Get, _responseHead, out _);
    }

    [Benchmark]
    public int Request()
    {
        RequestHop hop = new() { ClientAddress = "192.0.2.17"u8 };
        return RequestHeadWriter.Write(_request, _requestHead, hop, _destination);
    }

    [Benchmark]
    public int Response()
    {
        ReadOnlySpan<byte> date = "Sun, 06 Nov 1994 08:49:37 GMT"u8;
        ResponseHop hop = new() { Framing = BodyFraming.Length, Close = false, ClientIsHttp10 = false, Date = date };
        return ResponseHeadWriter.Write(_response, _responseHead, hop, _destination);
    }
}

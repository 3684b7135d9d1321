using BenchmarkDotNet.Attributes;
using FnLb.Core.Http1;

namespace FnLb.Benchmarks.Http1;

/// <summary>Cost of the framing between two runs of data: CRLF and the size line. The goal is 15 ns.</summary>
[MemoryDiagnoser]
public class ChunkReaderBenchmarks
{
    private const int ChunkCount = 1000;

    private byte[] _wire = [];

    [Params(16, 4096)]
    public int ChunkBytes { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        string chunk = $"{ChunkBytes:x}\r\n{new string('d', ChunkBytes)}\r\n";
        _wire = [.. Enumerable.Range(0, ChunkCount).SelectMany(_ => chunk.Select(c => (byte)c)), .. "0\r\n"u8];
    }

    [Benchmark(OperationsPerInvoke = ChunkCount)]
    public long Read()
    {
        ChunkReader reader = default;
        ReadOnlySpan<byte> rest = _wire;
        long bodyBytes = 0;
        while (reader.Next(rest, out int consumed, out Slice data, out _) == ChunkStep.Data)
        {
            bodyBytes += data.Length;
            rest = rest[consumed..];
        }

        return bodyBytes;
    }
}

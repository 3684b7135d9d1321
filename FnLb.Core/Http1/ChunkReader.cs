namespace FnLb.Core.Http1;

/// <summary>Takes a chunked body apart as it arrives (RFC 9112 section 7.1); resumable at any byte. The default value stands before the first chunk.</summary>
internal struct ChunkReader
{
    /// <param name="consumed">Bytes of input to drop; with Data they include the data.</param>
    /// <param name="data">The body bytes within input when the result is Data.</param>
    public ChunkStep Next(ReadOnlySpan<byte> input, out int consumed, out Slice data, out Rejection rejection) => throw new NotImplementedException();
}

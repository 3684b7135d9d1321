namespace FnLb.Core.Http1;

/// <summary>What <see cref="ChunkReader.Next"/> found.</summary>
internal enum ChunkStep : byte
{
    /// <summary>All input was framing and is consumed; more bytes are needed.</summary>
    NeedMore,

    /// <summary>A run of body bytes, which may be part of a chunk.</summary>
    Data,

    /// <summary>The last chunk's size line was consumed; the trailer section follows.</summary>
    Trailers,

    /// <summary>The bytes are no chunked body.</summary>
    Rejected,
}

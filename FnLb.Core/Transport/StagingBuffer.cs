namespace FnLb.Core.Transport;

/// <summary>
/// Gathers what one handler sends in one go (a head and the start of its body), so that it costs one system call. One
/// per loop.
/// </summary>
/// <remarks>
/// Lent to one channel at a time, from its first write to its flush, both within one run of a handler.
/// </remarks>
/// <param name="bytes">
/// Holds the largest head with what is added to it, and pieces of a body. What is not written to takes no memory.
/// </param>
internal sealed class StagingBuffer(int bytes)
{
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(bytes, pinned: true);
    private int _length;

    public bool IsEmpty => _length == 0;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>What can be written before a flush.</summary>
    public Span<byte> Free => _bytes.AsSpan(_length);

    public void Advance(int written) => _length += written;

    public void Clear() => _length = 0;
}

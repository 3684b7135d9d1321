using System.Buffers;
using FnLb.Core.Transport;

namespace FnLb.Core.Proxy;

/// <summary>
/// Tells when a head that was incomplete is worth parsing again: only when a line has ended since, or a limit is
/// passed.
/// </summary>
/// <remarks>
/// Without it a head that comes in single bytes would be parsed once for each of them, in quadratic time.
/// </remarks>
internal struct HeadProgress
{
    private long _seenBytes;

    public void Reset() => _seenBytes = 0;

    /// <param name="channel">Has all of the head that has arrived, at least a byte.</param>
    public bool IsDue(SocketChannel channel, int headBytesMax)
    {
        if (_seenBytes == 0)
        {
            _seenBytes = channel.BufferedBytes;
            return true;
        }

        ReadOnlySequence<byte> buffered = channel.Buffered;
        bool hasNewLine = buffered.Slice(_seenBytes).PositionOf((byte)'\n') is not null;
        _seenBytes = buffered.Length;
        return hasNewLine || _seenBytes > headBytesMax;
    }
}

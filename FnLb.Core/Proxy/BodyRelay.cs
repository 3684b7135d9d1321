using System.Buffers;
using System.Diagnostics;
using FnLb.Core.Http1;
using FnLb.Core.Transport;

namespace FnLb.Core.Proxy;

/// <summary>
/// Moves one body from what a channel has buffered to another channel, checking the framing of the one and writing that
/// of the other.
/// </summary>
/// <remarks>
/// Bytes that need no framing of their own go from the source's buffer straight to the target's socket, those of a
/// large body from socket to socket through a pipe of the kernel; chunks are staged. Nothing is taken while the target
/// has bytes pending, so a slow reader stops the source. A mutable struct: a field of its exchange for each side.
/// </remarks>
internal struct BodyRelay
{
    /// <summary>The most that one step stages, framing aside.</summary>
    public const int StepBytesMax = 16 * 1024;

    /// <summary>
    /// More than that staged is flushed before the next step: an answer of 64 KiB in chunks takes one system call.
    /// </summary>
    public const int StagedBytesMax = 64 * 1024;

    /// <summary>
    /// With at least this much to come the kernel moves it from socket to socket; less is sooner copied.
    /// </summary>
    public const int SpliceBytesMin = 64 * 1024;

    private BodyFraming _from;
    private BodyFraming _to;
    private ChunkReader _chunks;
    private NameFilter _nominated;
    private bool _isInTrailers;
    private long _bytesMax;
    private SplicePipe? _pipe;

    /// <summary>Bytes at the start of the source's buffer that were relayed and are kept, the head included.</summary>
    public long HeldBytes { get; private set; }

    /// <summary>Whether relayed bytes stay in the source's buffer.</summary>
    public bool IsHolding { get; private set; }

    public bool IsDone { get; private set; }

    /// <summary>Body bytes relayed so far, without framing.</summary>
    public long BodyBytes { get; private set; }

    /// <summary>Body bytes still to come when the framing tells, else 0.</summary>
    public long BytesLeft { get; private set; }

    /// <summary>How much to receive at once: a small body gets a small block.</summary>
    public readonly int ReceiveBytes => BytesLeft switch
    {
        > 0 and <= LoopMemoryPool.SmallBlockBytes => LoopMemoryPool.SmallBlockBytes,
        > 0 and <= LoopMemoryPool.MediumBlockBytes => LoopMemoryPool.MediumBlockBytes,
        _ => LoopMemoryPool.LargeBlockBytes,
    };

    /// <summary>Makes it a new body's, in place: a copy of it would have to note every reference it holds.</summary>
    /// <param name="contentLength">When <paramref name="from"/> is Length.</param>
    /// <param name="heldHeadBytes">
    /// Bytes of a head in front of the body that stay in the buffer as well; 0 to hold nothing.
    /// </param>
    /// <param name="bytesMax">The most a chunked body may have; a Content-Length is judged when it is read.</param>
    public void Begin(
        BodyFraming from,
        long contentLength,
        BodyFraming to,
        NameFilter nominated,
        int heldHeadBytes,
        long bytesMax = long.MaxValue)
    {
        Debug.Assert(_pipe is null, "The body before has ended.");
        _from = from;
        _to = to;
        _chunks = default;
        _nominated = nominated;
        _isInTrailers = false;
        _bytesMax = bytesMax;
        BytesLeft = from == BodyFraming.Length ? contentLength : 0;
        BodyBytes = 0;
        IsDone = from == BodyFraming.None || (from == BodyFraming.Length && contentLength == 0);
        HeldBytes = heldHeadBytes;
        IsHolding = heldHeadBytes > 0;
    }

    /// <summary>Gives up what was held: the body cannot be sent again after this.</summary>
    public void StopHolding(SocketChannel source)
    {
        source.Consume(HeldBytes);
        HeldBytes = 0;
        IsHolding = false;
    }

    /// <summary>Gives up what was held and the rest of the body too, if all of it has arrived.</summary>
    /// <returns>Whether the source's buffer now starts with what follows the body.</returns>
    public bool TryDiscard(SocketChannel source)
    {
        StopHolding(source);
        if (!IsDone && _from == BodyFraming.Length && source.BufferedBytes >= BytesLeft)
        {
            source.Consume(BytesLeft);
            IsDone = true;
        }

        return IsDone;
    }

    /// <summary>Relays what is buffered, as far as the target takes it. The caller flushes the target.</summary>
    public RelayStatus Pump(SocketChannel source, SocketChannel target, ProxyLoop proxy)
    {
        while (!IsDone)
        {
            if (target.PendingBytes > 0 || target.Loop.Staging.Written.Length > StagedBytesMax)
            {
                target.Flush();
                if (target.PendingBytes > 0)
                {
                    return RelayStatus.NeedsTarget;
                }
            }

            if (_pipe is not null || TryBeginSplice(source, target))
            {
                return Splice(source, target);
            }

            if (source.BufferedBytes <= HeldBytes)
            {
                return source.HasEnded ? EndOfSource(target) : RelayStatus.NeedsSource;
            }

            int used = Step(source, target, proxy, out RelayStatus status);
            Use(source, used);
            if (status != RelayStatus.Done)
            {
                bool isCut = status == RelayStatus.NeedsSource && source.HasEnded;
                return isCut ? RelayStatus.Truncated : status;
            }
        }

        return RelayStatus.Done;
    }

    /// <summary>The exchange is over: nothing more of this body moves.</summary>
    public void End(EventLoop loop)
    {
        if (_pipe is { } pipe)
        {
            _pipe = null;
            loop.SplicePipes.Return(pipe);
        }
    }

    private bool TryBeginSplice(SocketChannel source, SocketChannel target) =>
        BytesLeft >= SpliceBytesMin
        && _to == BodyFraming.Length
        && !IsHolding
        && source.IsReadable
        && source.BufferedBytes == 0
        && target.Loop.Staging.IsEmpty
        && target.Loop.SplicePipes.TryGet(out _pipe);

    private RelayStatus Splice(SocketChannel source, SocketChannel target)
    {
        if (_pipe!.Bytes == 0)
        {
            ReceiveResult result = source.IsReadable
                ? source.ReceiveInto(_pipe, BytesLeft)
                : ReceiveResult.WouldBlock;
            if (result != ReceiveResult.Data)
            {
                End(target.Loop);
                return result == ReceiveResult.WouldBlock ? RelayStatus.NeedsSource : RelayStatus.Truncated;
            }

            BytesLeft -= _pipe.Bytes;
            BodyBytes += _pipe.Bytes;
        }

        target.SendFrom(_pipe);
        if (_pipe.Bytes > 0)
        {
            return RelayStatus.NeedsTarget;
        }

        IsDone = BytesLeft == 0;
        if (IsDone)
        {
            End(target.Loop);
        }

        return IsDone ? RelayStatus.Done : RelayStatus.Moved;
    }

    private void Use(SocketChannel source, int used)
    {
        if (IsHolding)
        {
            HeldBytes += used;
        }
        else
        {
            source.Consume(used);
        }
    }

    /// <returns>Bytes of the source used; status Done means: go on.</returns>
    private int Step(SocketChannel source, SocketChannel target, ProxyLoop proxy, out RelayStatus status)
    {
        if (_isInTrailers)
        {
            return RelayTrailers(source.Buffered.Slice(HeldBytes), target, proxy, out status);
        }

        ReadOnlySpan<byte> span = source.TryGetBuffered(out ReadOnlySpan<byte> buffered)
            ? buffered[(int)HeldBytes..]
            : source.Buffered.Slice(HeldBytes).FirstSpan;
        return _from switch
        {
            BodyFraming.Chunked => RelayChunk(span, target, out status),
            BodyFraming.Length => RelayRun(span[..(int)Math.Min(span.Length, BytesLeft)], target, out status),
            BodyFraming.UntilClose => RelayRun(span, target, out status),
            _ => throw new UnreachableException("A message without a body is done before the first step."),
        };
    }

    private int RelayRun(ReadOnlySpan<byte> run, SocketChannel target, out RelayStatus status)
    {
        int taken = _to == BodyFraming.Chunked || run.Length <= StepBytesMax / 4
            ? Stage(run, target)
            : target.SendStagedAnd(run);
        BodyBytes += taken;
        if (_from == BodyFraming.Length)
        {
            BytesLeft -= taken;
            IsDone = BytesLeft == 0;
        }

        status = taken == 0 ? RelayStatus.NeedsTarget : RelayStatus.Done;
        return taken;
    }

    private int RelayChunk(ReadOnlySpan<byte> span, SocketChannel target, out RelayStatus status)
    {
        status = RelayStatus.Done;
        if (span.Length > StepBytesMax)
        {
            span = span[..StepBytesMax];
        }

        ChunkStep step = _chunks.Next(span, out int consumed, out Slice data, out _);
        switch (step)
        {
            case ChunkStep.Data when BodyBytes + data.Length > _bytesMax:
                status = RelayStatus.TooLarge;
                break;
            case ChunkStep.Data:
                BodyBytes += Stage(data.Of(span), target);
                break;
            case ChunkStep.NeedMore:
                break;
            case ChunkStep.Trailers:
                _isInTrailers = true;
                break;
            case ChunkStep.Rejected:
                status = RelayStatus.Rejected;
                break;
            default:
                throw new UnreachableException($"Unknown step {step}.");
        }

        return consumed;
    }

    private int RelayTrailers(
        in ReadOnlySequence<byte> fresh, SocketChannel target, ProxyLoop proxy, out RelayStatus status)
    {
        ReadOnlySpan<byte> section = proxy.Contiguous(fresh);
        ParseStatus parsed = TrailerParser.TryParse(
            section, proxy.Options.HeadLimits, proxy.Trailers, out int length, out _);
        if (parsed != ParseStatus.Complete)
        {
            status = parsed == ParseStatus.Rejected ? RelayStatus.Rejected : RelayStatus.NeedsSource;
            return 0;
        }

        if (_to == BodyFraming.Chunked)
        {
            target.Write(ChunkWriter.LastChunk);
            target.Loop.Staging.Advance(
                TrailerWriter.Write(section, proxy.Trailers, _nominated, target.Loop.Staging.Free));
        }

        IsDone = true;
        status = RelayStatus.Done;
        return length;
    }

    // Framed if the target's framing is chunked; at most so much that the staging buffer never overflows.
    private readonly int Stage(ReadOnlySpan<byte> run, SocketChannel target)
    {
        ReadOnlySpan<byte> piece = run[..Math.Min(run.Length, StepBytesMax)];
        if (_to != BodyFraming.Chunked)
        {
            target.Write(piece);
            return piece.Length;
        }

        StagingBuffer staging = target.Loop.Staging;
        staging.Advance(ChunkWriter.WriteSizeLine(piece.Length, staging.Free));
        target.Write(piece);
        target.Write(ChunkWriter.DataEnd);
        return piece.Length;
    }

    private RelayStatus EndOfSource(SocketChannel target)
    {
        if (_from != BodyFraming.UntilClose)
        {
            return RelayStatus.Truncated;
        }

        if (_to == BodyFraming.Chunked)
        {
            target.Write(ChunkWriter.End);
        }

        IsDone = true;
        return RelayStatus.Done;
    }
}

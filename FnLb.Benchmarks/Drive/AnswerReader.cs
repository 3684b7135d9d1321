using FnLb.Core.Http1;

namespace FnLb.Benchmarks.Drive;

/// <summary>
/// Finds where the answers on one connection end, with the balancer's own parsers. Bodies are dropped.
/// </summary>
/// <param name="head">Shared by the readers of a thread: nothing in it outlives a call.</param>
internal sealed class AnswerReader(ResponseHead head, RequestMethod method)
{
    private static readonly HeadLimits Limits = new();

    // Bytes of a head, or of trailers, whose end has not come yet; bodies need no buffer.
    private byte[] _kept = [];
    private int _keptBytes;
    private long _bodyBytesLeft;
    private ChunkReader _chunks;
    private State _state;

    /// <summary>Of the last answer's head.</summary>
    public int Status { get; private set; }

    /// <summary>Whether the connection may carry another request.</summary>
    public bool KeepsAlive { get; private set; } = true;

    /// <summary>Whether the last answer ends with the connection.</summary>
    public bool EndsWithConnection => _state == State.UntilClose;

    /// <summary>Reads on.</summary>
    /// <param name="input">What has arrived.</param>
    /// <param name="consumed">Bytes of it that were taken: all, unless an answer ended before.</param>
    public AnswerStep Read(ReadOnlySpan<byte> input, out int consumed)
    {
        consumed = 0;
        while (true)
        {
            AnswerStep step = _state switch
            {
                State.Head => ReadHead(input, ref consumed),
                State.Length => SkipBody(input, ref consumed),
                State.Chunked => ReadChunks(input, ref consumed),
                State.Trailers => ReadTrailers(input, ref consumed),
                _ => TakeAll(input, ref consumed),
            };
            if (step != AnswerStep.Continues)
            {
                return step;
            }
        }
    }

    /// <summary>Forgets everything: the next byte is the first of a new connection.</summary>
    public void Reset()
    {
        _state = State.Head;
        _keptBytes = 0;
        KeepsAlive = true;
    }

    private AnswerStep ReadHead(ReadOnlySpan<byte> input, ref int consumed)
    {
        ReadOnlySpan<byte> bytes = WithKept(input[consumed..]);
        if (bytes.IsEmpty)
        {
            return AnswerStep.NeedsMore;
        }

        ParseStatus status = ResponseHeadParser.TryParse(bytes, Limits, method, head, out _);
        if (status == ParseStatus.Rejected)
        {
            return AnswerStep.Invalid;
        }

        if (status == ParseStatus.Incomplete)
        {
            Keep(bytes);
            consumed = input.Length;
            return AnswerStep.NeedsMore;
        }

        consumed += head.Length - _keptBytes;
        _keptBytes = 0;
        if (head.Status < 200)
        {
            return head.Status == 101 ? AnswerStep.Invalid : AnswerStep.Continues;
        }

        Status = head.Status;
        KeepsAlive = head.KeepAlive;
        switch (head.Framing)
        {
            case BodyFraming.Length:
                _bodyBytesLeft = head.ContentLength;
                _state = State.Length;
                return AnswerStep.Continues;
            case BodyFraming.Chunked:
                _chunks = default;
                _state = State.Chunked;
                return AnswerStep.Continues;
            case BodyFraming.UntilClose:
                _state = State.UntilClose;
                return AnswerStep.Continues;
            default:
                return AnswerStep.Ended;
        }
    }

    private AnswerStep SkipBody(ReadOnlySpan<byte> input, ref int consumed)
    {
        int bytes = (int)long.Min(_bodyBytesLeft, input.Length - consumed);
        consumed += bytes;
        _bodyBytesLeft -= bytes;
        return _bodyBytesLeft > 0 ? AnswerStep.NeedsMore : End();
    }

    private AnswerStep ReadChunks(ReadOnlySpan<byte> input, ref int consumed)
    {
        ChunkStep step = _chunks.Next(input[consumed..], out int bytes, out _, out _);
        consumed += bytes;
        switch (step)
        {
            case ChunkStep.Data:
                return AnswerStep.Continues;
            case ChunkStep.NeedMore:
                return AnswerStep.NeedsMore;
            case ChunkStep.Trailers:
                _state = State.Trailers;
                return AnswerStep.Continues;
            default:
                return AnswerStep.Invalid;
        }
    }

    // Trailers end with an empty line, which is all there is of them nearly always.
    private AnswerStep ReadTrailers(ReadOnlySpan<byte> input, ref int consumed)
    {
        ReadOnlySpan<byte> bytes = WithKept(input[consumed..]);
        int end = bytes.StartsWith("\r\n"u8) ? 2 : bytes.IndexOf("\r\n\r\n"u8) is >= 0 and int at ? at + 4 : -1;
        if (end < 0)
        {
            if (bytes.Length > Limits.HeadBytesMax)
            {
                return AnswerStep.Invalid;
            }

            Keep(bytes);
            consumed = input.Length;
            return AnswerStep.NeedsMore;
        }

        consumed += end - _keptBytes;
        _keptBytes = 0;
        return End();
    }

    private static AnswerStep TakeAll(ReadOnlySpan<byte> input, ref int consumed)
    {
        consumed = input.Length;
        return AnswerStep.NeedsMore;
    }

    private AnswerStep End()
    {
        _state = State.Head;
        return AnswerStep.Ended;
    }

    private ReadOnlySpan<byte> WithKept(ReadOnlySpan<byte> rest)
    {
        if (_keptBytes == 0)
        {
            return rest;
        }

        if (_kept.Length < _keptBytes + rest.Length)
        {
            Array.Resize(ref _kept, _keptBytes + rest.Length);
        }

        rest.CopyTo(_kept.AsSpan(_keptBytes));
        return _kept.AsSpan(0, _keptBytes + rest.Length);
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_keptBytes == 0)
        {
            if (_kept.Length < bytes.Length)
            {
                _kept = new byte[bytes.Length];
            }

            bytes.CopyTo(_kept);
        }

        _keptBytes = bytes.Length;
    }

    private enum State : byte
    {
        Head,
        Length,
        Chunked,
        Trailers,
        UntilClose,
    }
}

using System.Diagnostics;

namespace FnLb.Core.Http1;

/// <summary>Takes a chunked body apart as it arrives; resumable at any byte. Starts as the default value.</summary>
/// <remarks>
/// RFC 9112 section 7.1:
/// <code>
/// chunk      = 1*HEXDIG [ chunk-ext ] CRLF chunk-data CRLF
/// last-chunk = 1*"0" [ chunk-ext ] CRLF
/// chunk-ext  = *( BWS ";" BWS token [ BWS "=" BWS ( token / quoted-string ) ] )
/// </code>
/// Extensions are checked by this grammar and dropped. Whitespace is taken only where BWS stands in it, so never right
/// before CRLF.
/// </remarks>
internal struct ChunkReader
{
    // Without the CRLF. Sizes take at most 16 digits; the rest is leading zeros and extensions, which have no use here.
    private const int SizeLineBytesMax = 4 * 1024;
    private const int ExtensionBytesMax = 16 * 1024;

    // As many as cannot carry a size past 2^63-1.
    private const int PlainDigitsMax = 15;

    // Above this, another digit would carry the size past 2^63-1.
    private const long ShiftableSizeMax = long.MaxValue >> 4;

    // The size while it is read, then the bytes of data still to come.
    private long _size;
    private int _sizeLineBytes;
    private int _extensionBytes;
    private State _state;

    /// <summary>Moves on to the next run of body bytes, the end of the body, or the end of the input.</summary>
    /// <param name="consumed">Bytes of input to drop; with Data they include the data, with Rejected they end before
    /// the first bad byte.</param>
    /// <param name="data">The body bytes within input when the result is Data.</param>
    /// <returns>Trailers and Rejected are final: there is no next call.</returns>
    public ChunkStep Next(ReadOnlySpan<byte> input, out int consumed, out Slice data, out Rejection rejection)
    {
        Debug.Assert(_state != State.Done);
        data = default;
        rejection = Rejection.None;
        consumed = 0;
        while (consumed < input.Length)
        {
            if (_state == State.Data)
            {
                data = new Slice(consumed, (int)long.Min(_size, input.Length - consumed));
                consumed = data.End;
                _size -= data.Length;
                _state = _size == 0 ? State.DataCr : State.Data;
                return ChunkStep.Data;
            }

            int plainBytes = TakePlainFraming(input[consumed..]);
            if (plainBytes > 0)
            {
                consumed += plainBytes;
                if (_state == State.Done)
                {
                    return ChunkStep.Trailers;
                }

                continue;
            }

            rejection = Step(input[consumed]);
            if (rejection != Rejection.None)
            {
                return ChunkStep.Rejected;
            }

            consumed++;
            if (_state == State.Done)
            {
                return ChunkStep.Trailers;
            }
        }

        return ChunkStep.NeedMore;
    }

    /// <summary>Takes in one go what nearly always stands between two runs of data: CRLF, digits, CRLF.</summary>
    /// <returns>Bytes taken, 0 when there is anything else, or not all of it is at hand.</returns>
    private int TakePlainFraming(ReadOnlySpan<byte> rest)
    {
        ReadOnlySpan<byte> line = rest;
        if (_state == State.DataCr && rest.StartsWith("\r\n"u8))
        {
            line = rest[2..];
        }
        else if (_state != State.SizeFirst)
        {
            return 0;
        }

        long size = 0;
        for (int index = 0; index < line.Length && index <= PlainDigitsMax; index++)
        {
            int digit = HexDigit(line[index]);
            if (digit >= 0)
            {
                size = (size << 4) | (uint)digit;
                continue;
            }

            if (index == 0 || !line[index..].StartsWith("\r\n"u8))
            {
                return 0;
            }

            _size = size;
            _sizeLineBytes = 0;
            _state = size == 0 ? State.Done : State.Data;
            return rest.Length - line.Length + index + 2;
        }

        return 0;
    }

    private Rejection Step(byte b)
    {
        switch (_state)
        {
            case State.SizeFirst or State.Size:
                return StepSize(b);
            case State.SizeLf:
                _state = _size == 0 ? State.Done : State.Data;
                return b == '\n' ? Rejection.None : Rejection.InvalidChunkLineEnd;
            case State.DataCr:
                _state = State.DataLf;
                return b == '\r' ? Rejection.None : Rejection.InvalidChunkDataEnd;
            case State.DataLf:
                _state = State.SizeFirst;
                _sizeLineBytes = 0;
                return b == '\n' ? Rejection.None : Rejection.InvalidChunkDataEnd;
            default:
                return StepExtension(b);
        }
    }

    private Rejection StepSize(byte b)
    {
        int digit = HexDigit(b);
        if (digit < 0)
        {
            return _state == State.SizeFirst ? Rejection.InvalidChunkSize : EndSize(b);
        }

        if (_size > ShiftableSizeMax)
        {
            return Rejection.ChunkTooLarge;
        }

        _size = (_size << 4) | (uint)digit;
        _state = State.Size;
        return ++_sizeLineBytes > SizeLineBytesMax ? Rejection.ChunkLineTooLong : Rejection.None;
    }

    private Rejection EndSize(byte b)
    {
        switch ((char)b)
        {
            case '\r':
                _state = State.SizeLf;
                return Rejection.None;
            case ';' or ' ' or '\t':
                return StepExtension(b);
            default:
                return b == '\n' ? Rejection.BareLf : Rejection.InvalidChunkSize;
        }
    }

    private Rejection StepExtension(byte b)
    {
        _state = NextInExtension(_state, b);
        if (_state == State.Invalid)
        {
            return b == '\n' ? Rejection.BareLf : Rejection.InvalidChunkExtension;
        }

        if (_state == State.SizeLf)
        {
            return Rejection.None;
        }

        return ++_sizeLineBytes > SizeLineBytesMax ? Rejection.ChunkLineTooLong
            : ++_extensionBytes > ExtensionBytesMax ? Rejection.ChunkExtensionsTooLarge
            : Rejection.None;
    }

    /// <summary>The grammar of chunk-ext, from the byte after the size to the CR.</summary>
    private static State NextInExtension(State state, byte b)
    {
        bool isWhitespace = b is (byte)' ' or (byte)'\t';
        switch (state)
        {
            case State.Size or State.AfterQuoted:
                return b == ';' ? State.NameFirst
                    : isWhitespace ? State.BeforeSemicolon
                    : b == '\r' ? State.SizeLf
                    : State.Invalid;
            case State.BeforeSemicolon:
                return b == ';' ? State.NameFirst : isWhitespace ? state : State.Invalid;
            case State.NameFirst:
                return ByteSets.Token.Contains(b) ? State.Name : isWhitespace ? state : State.Invalid;
            case State.Name when ByteSets.Token.Contains(b):
                return state;
            case State.Name or State.AfterName:
                return b == '=' ? State.ValueFirst
                    : b == ';' ? State.NameFirst
                    : isWhitespace ? State.AfterName
                    : b == '\r' && state == State.Name ? State.SizeLf
                    : State.Invalid;
            case State.ValueFirst:
                return ByteSets.Token.Contains(b) ? State.Value
                    : b == '"' ? State.Quoted
                    : isWhitespace ? state
                    : State.Invalid;
            case State.Value when ByteSets.Token.Contains(b):
                return state;
            case State.Value:
                return NextInExtension(State.AfterQuoted, b);
            case State.Quoted:
                return b == '"' ? State.AfterQuoted
                    : b == '\\' ? State.QuotedPair
                    : IsText(b) ? state
                    : State.Invalid;
            case State.QuotedPair:
                return IsText(b) ? State.Quoted : State.Invalid;
            default:
                throw new UnreachableException();
        }
    }

    // HTAB, SP, VCHAR and obs-text.
    private static bool IsText(byte b) => b is (byte)'\t' or (>= 0x20 and not 0x7F);

    private static int HexDigit(byte b)
    {
        int digit = b - '0';
        int letter = (b | 0x20) - 'a';
        return (uint)digit < 10 ? digit : (uint)letter < 6 ? letter + 10 : -1;
    }

    private enum State : byte
    {
        SizeFirst,
        Size,
        BeforeSemicolon,
        NameFirst,
        Name,
        AfterName,
        ValueFirst,
        Value,
        Quoted,
        QuotedPair,
        AfterQuoted,
        SizeLf,
        Data,
        DataCr,
        DataLf,
        Done,
        Invalid,
    }
}

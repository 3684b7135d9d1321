namespace FnLb.Core.Http1;

/// <summary>Collects the fields that frame a message and refuses all doubt (RFC 9112 sections 6.1 to 6.3).</summary>
/// <remarks>Stricter than it must be: a repeated Content-Length is refused even if equal, and Transfer-Encoding is
/// exactly "chunked", once. Leading zeros in Content-Length are within the grammar: the value is taken as decimal, and
/// written without them.</remarks>
internal struct FramingFields()
{
    /// <summary>-1 when absent.</summary>
    public long ContentLength { get; private set; } = -1;

    public bool IsChunked { get; private set; }

    public Rejection AddContentLength(ReadOnlySpan<byte> value)
    {
        if (ContentLength >= 0)
        {
            return Rejection.DuplicateContentLength;
        }

        if (!Digits.TryParse(value, out long contentLength))
        {
            return Digits.AreAll(value) ? Rejection.ContentLengthTooLarge : Rejection.InvalidContentLength;
        }

        ContentLength = contentLength;
        return Rejection.None;
    }

    public Rejection AddTransferEncoding(ReadOnlySpan<byte> value)
    {
        if (IsChunked)
        {
            return Rejection.DuplicateTransferEncoding;
        }

        IsChunked = KnownName.Is(value, "chunked"u8);
        return IsChunked ? Rejection.None : Rejection.InvalidTransferEncoding;
    }

    /// <summary>After the last field.</summary>
    public readonly Rejection Check(bool isHttp10)
    {
        if (!IsChunked)
        {
            return Rejection.None;
        }

        return ContentLength >= 0 ? Rejection.TransferEncodingWithContentLength
            : isHttp10 ? Rejection.TransferEncodingInHttp10
            : Rejection.None;
    }
}

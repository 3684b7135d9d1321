namespace FnLb.Core.Http1;

/// <summary>How the end of a message body is found (RFC 9112 section 6.3).</summary>
public enum BodyFraming : byte
{
    /// <summary>No body.</summary>
    None,

    /// <summary>Content-Length bytes.</summary>
    Length,

    /// <summary>Chunked transfer coding.</summary>
    Chunked,

    /// <summary>Responses only: until the connection closes.</summary>
    UntilClose,
}

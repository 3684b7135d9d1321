namespace FnLb.Core.Http1;

/// <summary>Why a message was refused; one member per distinct reason.</summary>
/// <remarks>
/// The parsers of both sides share the reasons of the grammar they share. <see cref="RejectionExtensions.StatusCode"/>
/// answers for a request; a refused answer of a node is always a 502.
/// </remarks>
public enum Rejection : byte
{
    /// <summary>Not refused.</summary>
    None,

    // Lines and limits.
    TooManyEmptyLines,
    BareCr,
    BareLf,
    HeadTooLarge,
    TooManyFields,

    // Request line.
    InvalidMethod,
    MethodTooLong,
    InvalidTarget,
    TargetTooLong,
    Fragment,
    InvalidAuthority,
    InvalidVersion,
    UnsupportedVersion,
    ConnectRefused,

    // Field lines.
    LeadingWhitespace,
    InvalidFieldName,
    EmptyFieldName,
    WhitespaceBeforeColon,
    MissingColon,
    InvalidFieldValue,

    // What the fields say.
    MissingHost,
    DuplicateHost,
    InvalidHost,
    InvalidConnection,
    TooManyConnectionOptions,
    ExpectationFailed,

    // Framing.
    InvalidContentLength,
    ContentLengthTooLarge,
    DuplicateContentLength,
    InvalidTransferEncoding,
    DuplicateTransferEncoding,
    TransferEncodingWithContentLength,
    TransferEncodingInHttp10,

    // Chunked bodies.
    InvalidChunkSize,
    ChunkTooLarge,
    InvalidChunkExtension,
    ChunkExtensionsTooLarge,
    ChunkLineTooLong,
    InvalidChunkLineEnd,
    InvalidChunkDataEnd,

    // Answers of nodes only.
    InvalidStatusLine,
    StatusLineTooLong,
}

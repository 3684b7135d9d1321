namespace FnLb.Core.Http1;

/// <summary>What a refused request is answered with.</summary>
public static class RejectionExtensions
{
    /// <summary>The status code of the answer; 502 for reasons that only an answer of a node can have.</summary>
    public static int StatusCode(this Rejection rejection) => rejection switch
    {
        Rejection.TargetTooLong => 414,
        Rejection.ExpectationFailed => 417,
        Rejection.HeadTooLarge or Rejection.TooManyFields or Rejection.TooManyConnectionOptions => 431,
        Rejection.MethodTooLong or Rejection.ConnectRefused => 501,
        Rejection.UnsupportedVersion => 505,
        Rejection.InvalidStatusLine or Rejection.StatusLineTooLong => 502,
        _ => 400,
    };

    /// <summary>What was wrong and what to send instead, in a sentence or two of ASCII.</summary>
    public static string Message(this Rejection rejection) => rejection switch
    {
        Rejection.None => "",

        Rejection.TooManyEmptyLines => "Too many empty lines precede the message; send none.",
        Rejection.BareCr => "A CR is not followed by LF; lines end in CRLF, and a CR stands nowhere else.",
        Rejection.BareLf => "A line ends in LF alone; lines end in CRLF.",
        Rejection.HeadTooLarge =>
            "The start line and the header fields are too large together; send fewer or shorter fields.",
        Rejection.TooManyFields => "There are too many header fields; send fewer.",

        Rejection.InvalidMethod =>
            "The method is not a token; the request line is: method, one space, target, one space, HTTP/1.1.",
        Rejection.MethodTooLong => "The method is longer than any that is known.",
        Rejection.InvalidTarget =>
            "The request target is neither a path that starts with / nor an http URI, "
            + "or has a byte that must be percent-encoded.",
        Rejection.TargetTooLong => "The request line is too long; send a shorter target.",
        Rejection.Fragment => "The request target has a fragment; send it without # and what follows.",
        Rejection.InvalidAuthority => "The authority of the request target is not host or host:port.",
        Rejection.InvalidVersion => "The request line does not end in one space and HTTP/1.1 or HTTP/1.0.",
        Rejection.UnsupportedVersion => "This version of HTTP is not spoken here; use HTTP/1.1.",
        Rejection.ConnectRefused => "CONNECT is not served here.",

        Rejection.LeadingWhitespace => "A header line starts with whitespace; header fields are not folded over lines.",
        Rejection.InvalidFieldName => "A header field name has a byte that no token has.",
        Rejection.EmptyFieldName => "A header field has no name.",
        Rejection.WhitespaceBeforeColon =>
            "A header field name contains or is followed by whitespace; the colon follows the name at once.",
        Rejection.MissingColon => "A header line has no colon.",
        Rejection.InvalidFieldValue => "A header field value has a control character.",

        Rejection.MissingHost => "The Host field is missing; HTTP/1.1 requires it.",
        Rejection.DuplicateHost => "There is more than one Host field; send one.",
        Rejection.InvalidHost => "The Host field is not host or host:port.",
        Rejection.InvalidConnection => "The Connection field is not a list of tokens.",
        Rejection.TooManyConnectionOptions => "The Connection field has too many options; send fewer.",
        Rejection.ExpectationFailed => "Only the expectation 100-continue is understood.",

        Rejection.InvalidContentLength => "The Content-Length field is not one number in decimal digits.",
        Rejection.ContentLengthTooLarge => "The Content-Length field exceeds 2^63-1.",
        Rejection.DuplicateContentLength => "There is more than one Content-Length field; send one.",
        Rejection.InvalidTransferEncoding => "The Transfer-Encoding field is anything but chunked.",
        Rejection.DuplicateTransferEncoding => "There is more than one Transfer-Encoding field; send one.",
        Rejection.TransferEncodingWithContentLength =>
            "There are both Transfer-Encoding and Content-Length; send one of them.",
        Rejection.TransferEncodingInHttp10 => "Transfer-Encoding is not part of HTTP/1.0; send Content-Length.",

        Rejection.InvalidChunkSize => "A chunk size is not a number in hexadecimal digits.",
        Rejection.ChunkTooLarge => "A chunk size exceeds 2^63-1.",
        Rejection.InvalidChunkExtension => "A chunk extension is malformed; send none.",
        Rejection.ChunkExtensionsTooLarge => "The chunk extensions of the body are too large together; send none.",
        Rejection.ChunkLineTooLong => "A chunk size line is too long.",
        Rejection.InvalidChunkLineEnd => "A chunk size line does not end in CRLF.",
        Rejection.InvalidChunkDataEnd =>
            "The data of a chunk is not followed by CRLF; it does not have the size that was announced.",

        Rejection.InvalidStatusLine => "The status line is not HTTP/1.1, three digits and a reason.",
        Rejection.StatusLineTooLong => "The status line is too long.",
        _ => throw new ArgumentOutOfRangeException(nameof(rejection), rejection, null),
    };
}

namespace FnLb.Core.Http1;

/// <summary>Reason phrases of the status codes this program gives itself (RFC 9110 section 15).</summary>
internal static class ReasonPhrase
{
    /// <returns>Empty for any other code; a reason phrase is optional.</returns>
    public static ReadOnlySpan<byte> Of(int status) => status switch
    {
        200 => "OK"u8,
        400 => "Bad Request"u8,
        404 => "Not Found"u8,
        405 => "Method Not Allowed"u8,
        408 => "Request Timeout"u8,
        413 => "Content Too Large"u8,
        414 => "URI Too Long"u8,
        417 => "Expectation Failed"u8,
        431 => "Request Header Fields Too Large"u8,
        500 => "Internal Server Error"u8,
        501 => "Not Implemented"u8,
        502 => "Bad Gateway"u8,
        503 => "Service Unavailable"u8,
        504 => "Gateway Timeout"u8,
        505 => "HTTP Version Not Supported"u8,
        508 => "Loop Detected"u8,
        _ => default,
    };
}

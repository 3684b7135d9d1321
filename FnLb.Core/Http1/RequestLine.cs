namespace FnLb.Core.Http1;

/// <summary>The parts of a request line, as ranges of the input.</summary>
/// <param name="IsHttp11">The version is 1.1 to the letter; any other but 1.0 is taken as that.</param>
/// <param name="End">After the CRLF of the line.</param>
internal readonly record struct RequestLine(
    RequestMethod Method, Slice MethodText, Slice Target, bool IsHttp10, bool IsHttp11, int End);

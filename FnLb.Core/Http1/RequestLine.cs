namespace FnLb.Core.Http1;

/// <summary>The parts of a request line, as ranges of the input.</summary>
/// <param name="End">After the CRLF of the line.</param>
internal readonly record struct RequestLine(
    RequestMethod Method, Slice MethodText, Slice Target, bool IsHttp10, int End);

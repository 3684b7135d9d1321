namespace FnLb.Core.Http1;

/// <summary>The parts of a status line.</summary>
/// <param name="End">After the CRLF of the line.</param>
internal readonly record struct StatusLine(int Status, Slice Reason, bool IsHttp10, int End);

namespace FnLb.Core.Http1;

/// <summary>The parts of a status line.</summary>
/// <param name="IsVerbatim">The line is what this hop would write.</param>
/// <param name="End">After the CRLF of the line.</param>
internal readonly record struct StatusLine(int Status, Slice Reason, bool IsHttp10, bool IsVerbatim, int End);

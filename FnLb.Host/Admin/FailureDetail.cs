namespace FnLb.Host.Admin;

/// <summary>The last thing that went wrong with a node.</summary>
internal sealed record FailureDetail(string Reason, DateTimeOffset At);

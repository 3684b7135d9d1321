namespace FnLb.Host.Telemetry;

/// <summary>The calls of one function that one node answered in one second.</summary>
/// <param name="Timestamp">When the second began (RFC 3339).</param>
/// <param name="Tp">How many they were.</param>
/// <param name="Wait">Their mean wait at the node in seconds; 0 when the node does not tell.</param>
internal sealed record StatsAnswerRow(string Timestamp, int Tp, string Node, string Func, double Wait);

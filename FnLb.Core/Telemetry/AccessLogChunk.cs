namespace FnLb.Core.Telemetry;

/// <summary>Some whole lines of the access log.</summary>
/// <param name="Bytes">Goes back to its queue when it was written.</param>
/// <param name="Length">How much of it is used.</param>
public readonly record struct AccessLogChunk(byte[] Bytes, int Length, int Lines);

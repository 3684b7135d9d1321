namespace FnLb.Host.Telemetry;

/// <summary>A node or a function in a chart: a value for each second, over the 10 s up to it as elsewhere.</summary>
/// <param name="CallsPerSecond">Oldest second first.</param>
/// <param name="WaitMean">In seconds; null where no node told one.</param>
internal sealed record BusyLine(string Name, IReadOnlyList<double> CallsPerSecond, IReadOnlyList<double?> WaitMean);

using System.Runtime.InteropServices;

namespace FnLb.Benchmarks.Reports;

/// <summary>What the figures were measured on.</summary>
internal sealed record MachineFacts(string Processor, int Processors, string Kernel, string Runtime)
{
    public static MachineFacts Read()
    {
        string? model = File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        string processor = model is null ? "unknown processor" : model[(model.IndexOf(':') + 1)..].Trim();
        return new MachineFacts(
            processor,
            Environment.ProcessorCount,
            $"Linux {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}",
            RuntimeInformation.FrameworkDescription);
    }

    public override string ToString() => $"{Processors} x {Processor}, {Kernel}";
}

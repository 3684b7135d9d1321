using System.Globalization;

namespace FnLb.Benchmarks.Throughput;

/// <summary>Which processors the proxies and everything else run on, as <c>taskset -c</c> takes them.</summary>
internal static class Processors
{
    /// <summary>One processor for the proxy alone.</summary>
    public const string Proxy = "0";

    public static string All { get; } = Environment.ProcessorCount == 1
        ? "0"
        : string.Create(CultureInfo.InvariantCulture, $"0-{Environment.ProcessorCount - 1}");

    /// <summary>All others; with a single processor everything shares it, and the figures mean little.</summary>
    public static string Others { get; } = Environment.ProcessorCount switch
    {
        1 => "0",
        2 => "1",
        int count => string.Create(CultureInfo.InvariantCulture, $"1-{count - 1}"),
    };
}

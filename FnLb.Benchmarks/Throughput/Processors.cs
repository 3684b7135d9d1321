using System.Globalization;

namespace FnLb.Benchmarks.Throughput;

/// <summary>Which processors the proxies and everything else run on, as <c>taskset -c</c> takes them.</summary>
internal static class Processors
{
    /// <summary>One processor for the proxy alone.</summary>
    public const string Proxy = "0";

    /// <summary>All of them.</summary>
    public static string All { get; } = First(Environment.ProcessorCount);

    /// <summary>All others; with a single processor everything shares it, and the figures mean little.</summary>
    public static string Others { get; } = Environment.ProcessorCount switch
    {
        1 => "0",
        2 => "1",
        int count => From(1, count),
    };

    /// <summary>So many, from the first on.</summary>
    public static string First(int count) => count == 1 ? "0" : From(0, count);

    /// <summary>What remains behind the first so many; all when nothing does.</summary>
    public static string Behind(int count) =>
        count >= Environment.ProcessorCount ? All : From(count, Environment.ProcessorCount);

    private static string From(int first, int end) =>
        string.Create(CultureInfo.InvariantCulture, $"{first}-{end - 1}");
}

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
    public static string Others { get; } = Environment.ProcessorCount == 1
        ? Proxy
        : From(1, Environment.ProcessorCount);

    /// <summary>So many, from the first on.</summary>
    public static string First(int count) => From(0, count);

    /// <summary>The last so many.</summary>
    public static string Last(int count) => From(Environment.ProcessorCount - count, Environment.ProcessorCount);

    /// <summary>How many a range names.</summary>
    public static int CountOf(string range)
    {
        int[] ends = [.. range.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture))];
        return 1 + ends[^1] - ends[0];
    }

    private static string From(int first, int end) => end - first == 1
        ? first.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{first}-{end - 1}");
}

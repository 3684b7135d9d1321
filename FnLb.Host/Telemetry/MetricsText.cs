using System.Globalization;
using System.Text;
using FnLb.Core.Telemetry;

namespace FnLb.Host.Telemetry;

/// <summary>Writes the text format of Prometheus, version 0.0.4: one group of samples for each name.</summary>
internal sealed class MetricsText
{
    private readonly StringBuilder _text = new();
    private string _name = "";

    /// <summary>Begins the group of a name; all its samples follow before the next group.</summary>
    public void Begin(MetricInfo metric)
    {
        _name = metric.Name;
        string help = metric.Help.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
        string kind = metric.Kind.ToString().ToLowerInvariant();
        _text.Append($"# HELP {_name} {help}\n# TYPE {_name} {kind}\n");
    }

    /// <summary>A group of one sample.</summary>
    public void Add(MetricInfo metric, double value)
    {
        Begin(metric);
        Add("", value);
    }

    /// <param name="labels">Labels with their escaped values, such as <c>class="2xx"</c>; empty for none.</param>
    public void Add(string labels, double value) => Sample(_name, labels, value);

    /// <summary>The buckets of a histogram, its sum and its count.</summary>
    /// <param name="labels">As for <see cref="Add(string, double)"/>, without <c>le</c>.</param>
    /// <param name="firstPower">The first bucket ends at so many microseconds as a power of two.</param>
    /// <param name="lastPower">The last one before infinity.</param>
    /// <param name="step">Powers of two from one bucket to the next.</param>
    public void AddHistogram(string labels, LatencySnapshot durations, int firstPower, int lastPower, int step)
    {
        string separator = labels.Length == 0 ? "" : ",";
        for (int power = firstPower; power <= lastPower; power += step)
        {
            string limit = ((1L << power) / 1e6).ToString("0.######", CultureInfo.InvariantCulture);
            Sample($"{_name}_bucket", $"{labels}{separator}le=\"{limit}\"", durations.CountUpTo(1L << power));
        }

        Sample($"{_name}_bucket", $"{labels}{separator}le=\"+Inf\"", durations.Count);
        Sample($"{_name}_sum", labels, durations.SumSeconds);
        Sample($"{_name}_count", labels, durations.Count);
    }

    /// <summary>A label with any text for its value.</summary>
    public static string Label(string name, string value)
    {
        string escaped = value.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return $"{name}=\"{escaped}\"";
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());

    private void Sample(string name, string labels, double value)
    {
        string braced = labels.Length == 0 ? "" : $"{{{labels}}}";
        _text.Append(CultureInfo.InvariantCulture, $"{name}{braced} {value:R}\n");
    }
}

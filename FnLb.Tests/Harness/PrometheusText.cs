using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FnLb.Tests.Harness;

/// <summary>A page in the text format of Prometheus, read strictly and by other means than it was written.</summary>
internal sealed partial class PrometheusText
{
    private readonly Dictionary<string, double> _samples = [];
    private readonly Dictionary<string, string> _types = [];

    // The buckets of the series that is being read, and whether its sum and count are still to come.
    private string _series = "";
    private double _limit = double.NegativeInfinity;
    private double _countUpTo;
    private HistogramPart _last = HistogramPart.Count;

    /// <exception cref="FormatException">
    /// A line breaks the format, a group is not in one piece or has no type, or the buckets of a histogram contradict
    /// each other, its sum or its count.
    /// </exception>
    public PrometheusText(string page)
    {
        if (!page.EndsWith('\n'))
        {
            throw new FormatException("the last line has no end");
        }

        string group = "";
        foreach (string line in page[..^1].Split('\n'))
        {
            Match match = Line().Match(line);
            if (!match.Success)
            {
                throw new FormatException($"no line of the format: {line}");
            }

            string name = match.Groups["name"].Value;
            switch (match.Groups["keyword"].Value)
            {
                case "HELP" when !_types.ContainsKey(name) && (group.Length == 0 || _types.ContainsKey(group)):
                    EndSeries();
                    group = name;
                    break;
                case "TYPE" when group == name && _types.TryAdd(name, match.Groups["type"].Value):
                    break;
                case "" when _types.ContainsKey(group) && Belongs(name, group):
                    double value = ValueOf(match.Groups["value"].Value);
                    _samples.Add(name + LabelsOf(match), value);
                    CheckHistogram(group, name, match, value);
                    break;
                default:
                    throw new FormatException($"out of order: {line}");
            }
        }

        EndSeries();
    }

    public IReadOnlyDictionary<string, string> Types => _types;

    /// <param name="sample">Name and unescaped labels: <c>answers{class=2xx}</c>.</param>
    public double this[string sample] => _samples[sample];

    /// <summary>The names of all samples with their unescaped labels.</summary>
    public IEnumerable<string> Samples => _samples.Keys;

    private static double ValueOf(string text) => text.TrimStart('+', '-') == "Inf"
        ? (text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity)
        : double.Parse(text, CultureInfo.InvariantCulture);

    // Buckets in the order of their limits, each with all that is in the one before; then sum; then count.
    private void CheckHistogram(string group, string name, Match match, double value)
    {
        if (_types[group] != "histogram")
        {
            return;
        }

        string limit = match.Groups["label"].Captures.Zip(match.Groups["text"].Captures)
            .Where(pair => pair.First.Value == "le").Select(pair => pair.Second.Value).SingleOrDefault("");
        string series = LabelsOf(match, except: "le");
        HistogramPart part = name.EndsWith("_bucket", StringComparison.Ordinal) ? HistogramPart.Bucket
            : name.EndsWith("_sum", StringComparison.Ordinal) ? HistogramPart.Sum
            : HistogramPart.Count;
        if (part == HistogramPart.Bucket && _last == HistogramPart.Count)
        {
            (_series, _limit, _countUpTo) = (series, double.NegativeInfinity, 0);
        }

        bool isSound = series == _series && (limit.Length > 0) == (part == HistogramPart.Bucket) && part switch
        {
            HistogramPart.Bucket => (_last != HistogramPart.Sum) && ValueOf(limit) > _limit && value >= _countUpTo,
            HistogramPart.Sum => _last == HistogramPart.Bucket && double.IsPositiveInfinity(_limit) && value >= 0,
            _ => _last == HistogramPart.Sum && value == _countUpTo,
        };
        if (!isSound)
        {
            throw new FormatException($"contradicts its histogram: {match.Value}");
        }

        _last = part;
        if (part == HistogramPart.Bucket)
        {
            (_limit, _countUpTo) = (ValueOf(limit), value);
        }
    }

    private void EndSeries()
    {
        if (_last != HistogramPart.Count)
        {
            throw new FormatException($"a histogram has no count: {_series}");
        }
    }

    private bool Belongs(string name, string group) => _types[group] == "histogram"
        ? name == $"{group}_bucket" || name == $"{group}_sum" || name == $"{group}_count"
        : name == group;

    private static string LabelsOf(Match match, string except = "")
    {
        string[] labels = [.. match.Groups["label"].Captures
            .Zip(match.Groups["text"].Captures)
            .Where(pair => pair.First.Value != except)
            .Select(pair => $"{pair.First.Value}={Unescape(pair.Second.Value)}")];
        return labels.Length == 0 ? "" : $"{{{string.Join(',', labels)}}}";
    }

    private static string Unescape(string text)
    {
        StringBuilder plain = new();
        for (int i = 0; i < text.Length; i++)
        {
            plain.Append(text[i] != '\\' ? text[i] : text[++i] == 'n' ? '\n' : text[i]);
        }

        return plain.ToString();
    }

    private enum HistogramPart
    {
        Bucket,
        Sum,
        Count,
    }

    [GeneratedRegex(
        """
        ^(?:\#\ (?<keyword>HELP)\ (?<name>[a-zA-Z_:][\w:]*)\ (?:[^\\]|\\\\|\\n)+
        |\#\ (?<keyword>TYPE)\ (?<name>[a-zA-Z_:][\w:]*)\ (?<type>counter|gauge|histogram)
        |(?<name>[a-zA-Z_:][\w:]*)
          (?:\{(?:(?:^|,|(?<=\{))(?<label>[a-zA-Z_]\w*)="(?<text>(?:[^"\\]|\\["\\n])*)")+\})?
          \ (?<value>[+-]?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Inf)|NaN))$
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Line();
}

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FnLb.Tests.Harness;

/// <summary>A page in the text format of Prometheus, read strictly and by other means than it was written.</summary>
internal sealed partial class PrometheusText
{
    private readonly Dictionary<string, double> _samples = [];
    private readonly Dictionary<string, string> _types = [];

    /// <exception cref="FormatException">A line breaks the format, or a group is not in one piece.</exception>
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
                case "HELP" when !_types.ContainsKey(name):
                    group = name;
                    break;
                case "TYPE" when group == name && _types.TryAdd(name, match.Groups["type"].Value):
                    break;
                case "" when _types.ContainsKey(group) && Belongs(name, group):
                    string key = name + LabelsOf(match);
                    _samples.Add(key, double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture));
                    break;
                default:
                    throw new FormatException($"out of order: {line}");
            }
        }
    }

    public IReadOnlyDictionary<string, string> Types => _types;

    /// <param name="sample">Name and unescaped labels: <c>answers{class=2xx}</c>.</param>
    public double this[string sample] => _samples[sample];

    /// <summary>The names of all samples with their unescaped labels.</summary>
    public IEnumerable<string> Samples => _samples.Keys;

    private bool Belongs(string name, string group) => _types[group] == "histogram"
        ? name == $"{group}_bucket" || name == $"{group}_sum" || name == $"{group}_count"
        : name == group;

    private static string LabelsOf(Match match)
    {
        if (match.Groups["label"].Captures.Count == 0)
        {
            return "";
        }

        IEnumerable<string> labels = match.Groups["label"].Captures.Zip(
            match.Groups["text"].Captures, (label, text) => $"{label.Value}={Unescape(text.Value)}");
        return $"{{{string.Join(',', labels)}}}";
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

using System.Globalization;
using System.Text;

namespace FnLb.Host.Admin;

/// <summary>Writes the text format of Prometheus, version 0.0.4: one group of samples for each name.</summary>
internal sealed class MetricsText
{
    private readonly StringBuilder _text = new();
    private string _name = "";

    /// <summary>Begins the group of a name; all its samples follow before the next group.</summary>
    /// <param name="type">counter or gauge.</param>
    public void Begin(string name, string type, string help)
    {
        _name = name;
        string escaped = help.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
        _text.Append($"# HELP {name} {escaped}\n# TYPE {name} {type}\n");
    }

    /// <param name="labels">Labels with their escaped values, such as <c>class="2xx"</c>; empty for none.</param>
    public void Add(string labels, double value)
    {
        string braced = labels.Length == 0 ? "" : $"{{{labels}}}";
        _text.Append(CultureInfo.InvariantCulture, $"{_name}{braced} {value:R}\n");
    }

    /// <summary>A label with any text for its value.</summary>
    public static string Label(string name, string value)
    {
        string escaped = value.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return $"{name}=\"{escaped}\"";
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());
}

using System.Text;

namespace FnLb.Host.Stores.Kubernetes;

/// <summary>Reads the YAML that kubectl writes into a kubeconfig: block mappings, block lists, scalars on one line.
/// </summary>
/// <remarks>A library for all of YAML would be larger than everything else here that knows Kubernetes.</remarks>
internal sealed class YamlReader
{
    private readonly List<Line> _lines = [];
    private int _next;

    private YamlReader(string text)
    {
        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            string content = WithoutComment(line).TrimEnd();
            string trimmed = content.TrimStart(' ');
            if (trimmed.Length > 0 && trimmed != "---")
            {
                _lines.Add(new Line(number, content.Length - trimmed.Length, trimmed));
            }
        }
    }

    /// <exception cref="FormatException">It is not of this form; the message names the line.</exception>
    public static YamlNode Parse(string text)
    {
        YamlReader reader = new(text);
        YamlNode root = reader._lines.Count == 0 ? new YamlNode() : reader.ReadBlock(reader._lines[0].Indent);
        return reader._next == reader._lines.Count ? root : throw reader.Unexpected();
    }

    private YamlNode ReadBlock(int indent) =>
        IsItem(_lines[_next].Text) ? ReadList(indent) : ReadMapping(indent);

    private YamlNode ReadList(int indent)
    {
        List<YamlNode> items = [];
        while (_next < _lines.Count && _lines[_next].Indent == indent && IsItem(_lines[_next].Text))
        {
            Line line = _lines[_next];
            string rest = line.Text[1..].TrimStart(' ');
            if (rest.Length == 0)
            {
                _next++;
                items.Add(ReadValueBelow(indent));
            }
            else if (KeyEnd(rest) < 0 && !IsItem(rest))
            {
                _next++;
                items.Add(Scalar(rest, line));
            }
            else
            {
                // What follows the dash begins a block of its own, as deep as it stands there.
                int deeper = indent + line.Text.Length - rest.Length;
                _lines[_next] = new Line(line.Number, deeper, rest);
                items.Add(ReadBlock(deeper));
            }
        }

        return new YamlNode { Items = items };
    }

    private YamlNode ReadMapping(int indent)
    {
        Dictionary<string, YamlNode> entries = [];
        while (_next < _lines.Count && _lines[_next].Indent == indent && !IsItem(_lines[_next].Text))
        {
            Line line = _lines[_next];
            int end = KeyEnd(line.Text);
            if (end < 0)
            {
                throw Unexpected();
            }

            _next++;
            string key = Scalar(line.Text[..end], line).Text;
            string rest = line.Text[(end + 1)..].Trim(' ');
            entries[key] = rest.Length == 0 ? ReadValueBelow(indent) : Scalar(rest, line);
        }

        return new YamlNode { Entries = entries };
    }

    // A list may stand as far left as the key that it belongs to.
    private YamlNode ReadValueBelow(int indent)
    {
        bool isThere = _next < _lines.Count
            && (_lines[_next].Indent > indent || (_lines[_next].Indent == indent && IsItem(_lines[_next].Text)));
        return isThere ? ReadBlock(_lines[_next].Indent) : new YamlNode();
    }

    private static YamlNode Scalar(string text, Line line)
    {
        if (text is "{}" or "[]" or "null" or "~")
        {
            return new YamlNode();
        }

        if (text[0] == '\'' && text.Length > 1 && text[^1] == '\'')
        {
            return new YamlNode { Text = text[1..^1].Replace("''", "'", StringComparison.Ordinal) };
        }

        if (text[0] == '"' && text.Length > 1 && text[^1] == '"')
        {
            return new YamlNode { Text = Unescape(text[1..^1], line) };
        }

        return "|>{[&*!%@`'\"".Contains(text[0])
            ? throw new FormatException($"line {line.Number} has a form of YAML that is not read here")
            : new YamlNode { Text = text };
    }

    private static string Unescape(string text, Line line)
    {
        StringBuilder plain = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                plain.Append(text[i]);
                continue;
            }

            i++;
            plain.Append(i < text.Length && "\\\"/".Contains(text[i])
                ? text[i]
                : throw new FormatException($"line {line.Number} has an escape that is not read here"));
        }

        return plain.ToString();
    }

    private static bool IsItem(string text) => text == "-" || text.StartsWith("- ", StringComparison.Ordinal);

    // The colon that ends a key has a space after it, or nothing.
    private static int KeyEnd(string text)
    {
        int from = text[0] is '"' or '\'' ? text.IndexOf(text[0], 1) : 0;
        for (int i = text.IndexOf(':', Math.Max(from, 0)); i >= 0; i = text.IndexOf(':', i + 1))
        {
            if (i + 1 == text.Length || text[i + 1] == ' ')
            {
                return i;
            }
        }

        return -1;
    }

    // A comment begins with a hash after a space, outside of quotes.
    private static string WithoutComment(string line)
    {
        char quote = '\0';
        for (int i = 0; i < line.Length; i++)
        {
            bool isAfterSpace = i == 0 || line[i - 1] == ' ';
            if (quote == '\0' && isAfterSpace && line[i] == '#')
            {
                return line[..i];
            }

            if (quote == '\0' && isAfterSpace && line[i] is '"' or '\'')
            {
                quote = line[i];
            }
            else if (line[i] == quote)
            {
                quote = '\0';
            }
        }

        return line;
    }

    private FormatException Unexpected() => new($"line {_lines[_next].Number} is not in place");

    private sealed record Line(int Number, int Indent, string Text);
}

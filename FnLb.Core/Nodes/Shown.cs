namespace FnLb.Core.Nodes;

/// <summary>Makes foreign text fit for a log line or a message: no control characters, no quotes, not long.</summary>
public static class Shown
{
    private const int CharsMax = 80;

    public static string Text(string text)
    {
        string cut = text.Length > CharsMax ? string.Concat(text.AsSpan(0, CharsMax), "…") : text;
        return string.Concat(cut.Select(c => char.IsControl(c) || c == '"' ? '?' : c));
    }
}

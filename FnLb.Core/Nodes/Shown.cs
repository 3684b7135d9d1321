namespace FnLb.Core.Nodes;

/// <summary>Makes foreign text fit for a log line or a message: no control characters, no quotes, not long.</summary>
public static class Shown
{
    private const int CharsMax = 80;

    public static string Text(string text) => Text(text, CharsMax);

    /// <param name="charsMax">What comes after is cut off.</param>
    public static string Text(string text, int charsMax)
    {
        string cut = text.Length > charsMax ? string.Concat(text.AsSpan(0, charsMax), "…") : text;
        return string.Concat(cut.Select(c => char.IsControl(c) || c == '"' ? '?' : c));
    }
}

namespace FnLb.Host.Admin;

/// <summary>
/// A line of the token file: <c>write TOKEN</c>, <c>read TOKEN</c>, or a token alone, which may write.
/// </summary>
/// <param name="Name">Whose it is: what stands after the token, else <c>line 3</c>.</param>
internal sealed record AdminTokenLine(AdminRight Right, string Token, string Name)
{
    /// <summary>Empty lines and lines after a number sign are skipped.</summary>
    /// <param name="error">What is wrong with the text; null on success.</param>
    public static IReadOnlyList<AdminTokenLine> ParseAll(string text, out string? error)
    {
        error = null;
        List<AdminTokenLine> tokens = [];
        string[] lines = text.Split('\n');
        for (int index = 0; index < lines.Length; index++)
        {
            string[] words = lines[index].Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || words[0][0] == '#')
            {
                continue;
            }

            AdminRight right = words.Length == 1 || words[0] == "write" ? AdminRight.Write
                : words[0] == "read" ? AdminRight.Read
                : AdminRight.None;
            string token = words.Length == 1 ? words[0] : words[1];
            if (words.Length > 3 || right == AdminRight.None)
            {
                error = $"line {index + 1} must be \"write TOKEN\" or \"read TOKEN\", and a name if wanted, "
                    + "or a token alone";
            }
            else if (token.Length < AdminTokens.CharsMin)
            {
                error = $"the token of line {index + 1} must have at least {AdminTokens.CharsMin} characters";
            }

            tokens.Add(new AdminTokenLine(right, token, words.Length > 2 ? words[2] : $"line {index + 1}"));
        }

        error ??= tokens.Count == 0 ? "there must be a token in it" : null;
        return tokens;
    }
}

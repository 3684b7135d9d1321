using System.Security.Cryptography;
using System.Text;

namespace FnLb.Host.Admin;

/// <summary>The tokens of the admin API, as a file has them; immutable.</summary>
/// <remarks>
/// Each line is <c>write TOKEN</c>, <c>read TOKEN</c> or a token alone, which may write; empty lines and lines after a
/// number sign are skipped. Only hashes are kept, and compared in a time that says nothing about them.
/// </remarks>
internal sealed class AdminTokens
{
    /// <summary>A token is worth guessing below that.</summary>
    public const int CharsMin = 16;

    private readonly List<(byte[] Hash, AdminRight Right)> _tokens = [];

    private AdminTokens()
    {
    }

    /// <param name="error">What is wrong with the text; null on success.</param>
    public static AdminTokens Parse(string text, out string? error)
    {
        error = null;
        AdminTokens tokens = new();
        const StringSplitOptions tolerant = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        foreach (string line in text.Split('\n', tolerant))
        {
            if (line[0] == '#')
            {
                continue;
            }

            string[] words = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            AdminRight right = words.Length == 1 || words[0] == "write" ? AdminRight.Write
                : words[0] == "read" ? AdminRight.Read
                : AdminRight.None;
            if (words.Length > 2 || right == AdminRight.None)
            {
                error = "a line must be \"write TOKEN\", \"read TOKEN\" or a token alone";
            }
            else if (words[^1].Length < CharsMin)
            {
                error = $"a token must have at least {CharsMin} characters";
            }

            tokens._tokens.Add((Hash(words[^1]), right));
        }

        error ??= tokens._tokens.Count == 0 ? "there must be a token in it" : null;
        return tokens;
    }

    /// <summary>Compares with every token, whichever fits.</summary>
    public AdminRight RightOf(string token)
    {
        byte[] hash = Hash(token);
        AdminRight right = AdminRight.None;
        foreach ((byte[] known, AdminRight given) in _tokens)
        {
            if (CryptographicOperations.FixedTimeEquals(known, hash) && given > right)
            {
                right = given;
            }
        }

        return right;
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

using System.Security.Cryptography;
using System.Text;

namespace FnLb.Host.Admin;

/// <summary>The tokens of the admin API, as a file has them; immutable.</summary>
/// <remarks>Only hashes are kept, and compared in a time that says nothing about them.</remarks>
internal sealed class AdminTokens
{
    /// <summary>A token is worth guessing below that.</summary>
    public const int CharsMin = 16;

    private readonly List<(byte[] Hash, AdminRight Right, string Name)> _tokens = [];

    private AdminTokens()
    {
    }

    /// <exception cref="InvalidDataException">The text has a line that is none, or no token.</exception>
    public static AdminTokens Parse(string text)
    {
        AdminTokens tokens = new();
        IReadOnlyList<AdminTokenLine> lines = AdminTokenLine.ParseAll(text, out string? error);
        foreach (AdminTokenLine line in lines)
        {
            tokens._tokens.Add((Hash(line.Token), line.Right, line.Name));
        }

        return error is null ? tokens : throw new InvalidDataException(error);
    }

    /// <summary>Compares with every token, whichever fits.</summary>
    /// <param name="name">Whose token it is; empty for none of these.</param>
    public AdminRight RightOf(string token, out string name)
    {
        byte[] hash = Hash(token);
        AdminRight right = AdminRight.None;
        name = "";
        foreach ((byte[] known, AdminRight given, string knownName) in _tokens)
        {
            if (CryptographicOperations.FixedTimeEquals(known, hash) && given > right)
            {
                right = given;
                name = knownName;
            }
        }

        return right;
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

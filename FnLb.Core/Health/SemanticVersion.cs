using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FnLb.Core.Health;

/// <summary>A version by semver 2.0, compared by the precedence of its section 11.</summary>
/// <remarks>A leading <c>v</c> and leading zeros in the numbers are tolerated: release scripts write both.</remarks>
public sealed class SemanticVersion
{
    private readonly long[] _numbers;
    private readonly string[] _prerelease;

    public SemanticVersion(long major, long minor, long patch)
        : this([major, minor, patch], [])
    {
    }

    private SemanticVersion(long[] numbers, string[] prerelease)
    {
        _numbers = numbers;
        _prerelease = prerelease;
    }

    public static bool TryParse(string? text, [NotNullWhen(true)] out SemanticVersion? version)
    {
        version = null;
        string rest = text is { Length: > 0 } && text[0] is 'v' or 'V' ? text[1..] : text ?? "";
        (string withoutBuild, string? build) = SplitAt(rest, '+');
        (string core, string? prerelease) = SplitAt(withoutBuild, '-');
        string[] parts = core.Split('.');
        string[] identifiers = prerelease?.Split('.') ?? [];
        long[] numbers = new long[3];
        if (parts.Length != 3 || !identifiers.All(IsIdentifier) || !(build?.Split('.') ?? []).All(IsIdentifier))
        {
            return false;
        }

        for (int i = 0; i < numbers.Length; i++)
        {
            if (!long.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return false;
            }
        }

        version = new SemanticVersion(numbers, identifiers);
        return true;
    }

    /// <summary>Whether this version has a lower precedence; build metadata does not count.</summary>
    public bool IsBelow(SemanticVersion other) => Compare(this, other) < 0;

    public override string ToString()
    {
        string core = string.Join('.', _numbers);
        return _prerelease.Length == 0 ? core : $"{core}-{string.Join('.', _prerelease)}";
    }

    private static int Compare(SemanticVersion left, SemanticVersion right)
    {
        int byNumbers = left._numbers.AsSpan().SequenceCompareTo(right._numbers);
        if (byNumbers != 0)
        {
            return byNumbers;
        }

        if (left._prerelease.Length == 0 || right._prerelease.Length == 0)
        {
            // A version without a prerelease comes after all of its prereleases.
            return right._prerelease.Length - left._prerelease.Length;
        }

        for (int i = 0; i < Math.Min(left._prerelease.Length, right._prerelease.Length); i++)
        {
            int byIdentifier = CompareIdentifiers(left._prerelease[i], right._prerelease[i]);
            if (byIdentifier != 0)
            {
                return byIdentifier;
            }
        }

        return left._prerelease.Length - right._prerelease.Length;
    }

    private static int CompareIdentifiers(string left, string right)
    {
        bool leftIsNumber = left.All(char.IsAsciiDigit);
        bool rightIsNumber = right.All(char.IsAsciiDigit);
        if (leftIsNumber && rightIsNumber)
        {
            // Of any length, so compared as digits: the longer one is the larger.
            (left, right) = (left.TrimStart('0'), right.TrimStart('0'));
            return left.Length != right.Length ? left.Length - right.Length : string.CompareOrdinal(left, right);
        }

        return leftIsNumber == rightIsNumber ? string.CompareOrdinal(left, right) : leftIsNumber ? -1 : 1;
    }

    private static (string Before, string? After) SplitAt(string text, char separator)
    {
        int at = text.IndexOf(separator);
        return at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
    }

    private static bool IsIdentifier(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}

using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace FnLb.Tests.Conformance;

/// <summary>
/// The fields of a head by the letter of the RFCs and of docs/http.md, for the oracles of the fuzzers. It shares no
/// code
/// with the product: where the two disagree, one is wrong.
/// </summary>
internal sealed partial class OracleFields
{
    private const int FieldsMax = 200;
    private const int ConnectionOptionsMax = 64;

    private readonly List<(string Name, string Value)> _fields = [];

    private OracleFields()
    {
    }

    /// <summary>-1 when there is none.</summary>
    public long ContentLength { get; private set; } = -1;

    public bool IsChunked { get; private set; }

    public string[] ConnectionOptions { get; private set; } = [];

    /// <param name="section">Lines with their CRLF, without the empty line.</param>
    /// <returns>Null when a line is malformed or there are too many.</returns>
    public static OracleFields? TryParse(string section)
    {
        OracleFields fields = new();
        for (string rest = section; rest.Length > 0;)
        {
            Match line = Line().Match(rest);
            if (!line.Success || fields._fields.Count == FieldsMax)
            {
                return null;
            }

            fields._fields.Add((line.Groups["name"].Value.ToLowerInvariant(), line.Groups["value"].Value.Trim(' ',
                '\t')));
            rest = rest[line.Length..];
        }

        return fields;
    }

    /// <summary>Reads what frames the message and ends its connection.</summary>
    /// <returns>False when that is invalid or ambiguous.</returns>
    public bool TryReadFraming(bool isHttp10)
    {
        string[] lengths = Values("content-length");
        string[] codings = Values("transfer-encoding");
        if (lengths.Length + codings.Length > 1)
        {
            return false;
        }

        if (lengths.Length == 1)
        {
            bool isNumber = Digits().IsMatch(lengths[0])
                && BigInteger.Parse(lengths[0], CultureInfo.InvariantCulture) <= long.MaxValue;
            ContentLength = isNumber ? (long)BigInteger.Parse(lengths[0], CultureInfo.InvariantCulture) : -1;
            return isNumber && TryReadConnection();
        }

        IsChunked = codings.Length == 1;
        bool isValid = !IsChunked || (!isHttp10 && codings[0].Equals("chunked", StringComparison.OrdinalIgnoreCase));
        return isValid && TryReadConnection();
    }

    public string[] Values(string name) => [.. _fields.Where(field => field.Name == name).Select(field => field.Value)];

    /// <summary>Members of the list that all fields of that name make up, in lower case, without the empty
    /// ones.</summary>
    public string[] Members(string name) =>
    [
        .. Values(name).SelectMany(value => value.Split(',')).Select(member => member.Trim(' ',
            '\t').ToLowerInvariant())
            .Where(member => member.Length > 0),
    ];

    private bool TryReadConnection()
    {
        ConnectionOptions = Members("connection");
        return ConnectionOptions.Length <= ConnectionOptionsMax && ConnectionOptions.All(option =>
            Token().IsMatch(option));
    }

    [GeneratedRegex(@"\A(?<name>[!#$%&'*+\-.^_`|~0-9A-Za-z]+):(?<value>[\t\x20-\x7e\x80-\xff]*)\r\n")]
    private static partial Regex Line();

    [GeneratedRegex(@"\A[!#$%&'*+\-.^_`|~0-9A-Za-z]+\z")]
    private static partial Regex Token();

    [GeneratedRegex(@"\A[0-9]+\z")]
    private static partial Regex Digits();
}

using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace FnLb.Tests.Conformance;

/// <summary>Where a body ends, for the oracles of the fuzzers (RFC 9112 sections 6 and 7).</summary>
/// <param name="End">Whole, Open or Refused.</param>
/// <param name="Length">Bytes the body took of the wire, framing included, when it is whole.</param>
internal sealed partial record OracleBody(OracleEnd End, string Content, int Length)
{
    public static OracleBody Sized(string wire, long length) => wire.Length >= length
        ? new OracleBody(OracleEnd.Whole, wire[..(int)length], (int)length)
        : new OracleBody(OracleEnd.Open, wire, 0);

    public static OracleBody Chunked(string wire)
    {
        StringBuilder content = new();
        int at = 0;
        while (true)
        {
            int lineEnd = wire.IndexOf("\r\n", at, StringComparison.Ordinal);
            if (lineEnd < 0)
            {
                return Ended(OracleEnd.Open);
            }

            Match line = SizeLine().Match(wire[at..(lineEnd + 2)]);
            BigInteger size = line.Success
                ? BigInteger.Parse("0" + line.Groups["size"].Value, NumberStyles.AllowHexSpecifier, null)
                : -1;
            if (!line.Success || size > long.MaxValue)
            {
                return Ended(OracleEnd.Refused);
            }

            at = lineEnd + 2;
            if (size.IsZero)
            {
                return Trailers();
            }

            int dataEnd = (int)BigInteger.Min(size + at, wire.Length);
            content.Append(wire, at, dataEnd - at);
            if (dataEnd - at < size || wire.Length < dataEnd + 2)
            {
                bool isWrong = dataEnd - at == size && wire.Length > dataEnd && wire[dataEnd] != '\r';
                return Ended(isWrong ? OracleEnd.Refused : OracleEnd.Open);
            }

            if (wire[dataEnd..(dataEnd + 2)] != "\r\n")
            {
                return Ended(OracleEnd.Refused);
            }

            at = dataEnd + 2;
        }

        OracleBody Ended(OracleEnd end) => new(end, content.ToString(), 0);

        OracleBody Trailers()
        {
            int empty = wire.IndexOf("\r\n\r\n", at - 2, StringComparison.Ordinal);
            if (empty < 0)
            {
                return Ended(OracleEnd.Open);
            }

            bool isValid = OracleFields.TryParse(wire[at..(empty + 2)]) is not null;
            return isValid ? new OracleBody(OracleEnd.Whole, content.ToString(), empty + 4) : Ended(OracleEnd.Refused);
        }
    }

    // The size, then any number of extensions with a token or a quoted string for a value.
    [GeneratedRegex(
        @"\A(?<size>[0-9A-Fa-f]+)(?:[ \t]*;[ \t]*[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?:[ \t]*=[ \t]*(?:[!#$%&'*+\-.^_`|"
            + @"~0-9A-Za-z]+|"
        + @"""(?:[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t\x20-\x7e\x80-\xff])*""))?)*\r\n\z")]
    private static partial Regex SizeLine();
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace FnLb.Tests.Conformance;

/// <summary>Says what a client must see of the bytes that a node sends before it closes its connection.</summary>
/// <param name="Status">Of the final answer; 0 when it has to be replaced by 502.</param>
/// <param name="Body">Null when the client's connection has to break before its end.</param>
internal sealed partial record AnswerOracle(int InterimAnswers, int Status, string? Body)
{
    private const int InterimAnswersMax = 64;

    public static AnswerOracle Read(string method, string wire)
    {
        for (int interim = 0; interim <= InterimAnswersMax; interim++)
        {
            int headEnd = wire.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            Match line = headEnd < 0 ? Match.Empty : Line().Match(wire[..(headEnd + 2)]);
            OracleFields? fields = line.Success ? OracleFields.TryParse(wire[line.Length..(headEnd + 2)]) : null;
            int status = line.Success ? int.Parse(line.Groups["status"].Value, CultureInfo.InvariantCulture) : 0;
            if (fields is null || !fields.TryReadFraming(line.Groups["minor"].Value == "0") || status == 101)
            {
                return Malformed(interim);
            }

            wire = wire[(headEnd + 4)..];
            if (status >= 200)
            {
                return new AnswerOracle(interim, status, Content(method, status, fields, wire));
            }
        }

        return Malformed(InterimAnswersMax);
    }

    private static AnswerOracle Malformed(int interim) => new(interim, 0, null);

    private static string? Content(string method, int status, OracleFields fields, string wire)
    {
        if (method == "HEAD" || status is 204 or 205 or 304)
        {
            return "";
        }

        if (fields.ContentLength < 0 && !fields.IsChunked)
        {
            return wire;
        }

        OracleBody body = fields.IsChunked ? OracleBody.Chunked(wire) : OracleBody.Sized(wire, fields.ContentLength);
        return body.End == OracleEnd.Whole ? body.Content : null;
    }

    [GeneratedRegex(@"\AHTTP/1\.(?<minor>[0-9]) (?<status>[1-9][0-9][0-9])(?: [\t\x20-\x7e\x80-\xff]*)?\r\n")]
    private static partial Regex Line();
}

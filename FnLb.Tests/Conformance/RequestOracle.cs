using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace FnLb.Tests.Conformance;

/// <summary>Says which requests a stream of bytes holds, by the letter of the RFCs and the choices of
/// docs/http.md.</summary>
/// <param name="Requests">In order, each as it has to reach a node.</param>
/// <param name="Rest">What follows them.</param>
internal sealed partial record RequestOracle(IReadOnlyList<OracleRequest> Requests, OracleEnd End, string Rest)
{
    private const int EmptyLinesMax = 4;
    private const int MethodMax = 64;

    public static RequestOracle Read(string wire)
    {
        List<OracleRequest> requests = [];
        while (true)
        {
            int empty = 0;
            while (empty < EmptyLinesMax && wire.StartsWith("\r\n", StringComparison.Ordinal))
            {
                wire = wire[2..];
                empty++;
            }

            if (wire.Length == 0)
            {
                return new RequestOracle(requests, OracleEnd.Whole, wire);
            }

            int headEnd = wire.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (headEnd < 0)
            {
                return new RequestOracle(requests, OracleEnd.Open, wire);
            }

            OracleEnd end = ReadOne(wire, headEnd, out OracleRequest? request, out int length);
            if (request is not null)
            {
                requests.Add(request);
            }

            if (end != OracleEnd.Whole)
            {
                return new RequestOracle(requests, end, wire);
            }

            wire = wire[length..];
        }
    }

    private static OracleEnd ReadOne(string wire, int headEnd, out OracleRequest? request, out int length)
    {
        request = null;
        length = 0;
        Match line = Line().Match(wire[..(headEnd + 2)]);
        OracleFields? fields = line.Success ? OracleFields.TryParse(wire[line.Length..(headEnd + 2)]) : null;
        bool isHttp10 = line.Groups["minor"].Value == "0";
        string method = line.Groups["method"].Value;
        if (fields is null
            || method.Length > MethodMax
            || TargetAtNode(method, line.Groups["target"].Value) is not string target
            || !HasGoodHost(fields, isHttp10)
            || !fields.TryReadFraming(isHttp10)
            || (!isHttp10 && fields.Members("expect").Any(expectation => expectation != "100-continue")))
        {
            return OracleEnd.Refused;
        }

        string rest = wire[(headEnd + 4)..];
        OracleBody body = fields.IsChunked ? OracleBody.Chunked(rest) : OracleBody.Sized(rest, Math.Max(0,
            fields.ContentLength));
        if (body.End != OracleEnd.Whole)
        {
            return body.End;
        }

        request = new OracleRequest(method, target, body.Content);
        length = headEnd + 4 + body.Length;
        bool closes = fields.ConnectionOptions.Contains("close")
            || (isHttp10 && !fields.ConnectionOptions.Contains("keep-alive"))
            || (!isHttp10 && OffersUpgrade(fields));
        return closes ? OracleEnd.Closing : OracleEnd.Whole;
    }

    // Null for what no target may be.
    private static string? TargetAtNode(string method, string target)
    {
        if (method == "CONNECT" || (target == "*" && method != "OPTIONS"))
        {
            return null;
        }

        if (target == "*" || target.StartsWith('/'))
        {
            return target;
        }

        Match absolute = Absolute().Match(target);
        if (!absolute.Success || !IsAuthority(absolute.Groups["authority"].Value))
        {
            return null;
        }

        string path = absolute.Groups["path"].Value;
        return path.StartsWith('/') ? path : path.Length == 0 && method == "OPTIONS" ? "*" : "/" + path;
    }

    private static bool HasGoodHost(OracleFields fields, bool isHttp10)
    {
        string[] hosts = fields.Values("host");
        return hosts.Length == 0 ? isHttp10 : hosts.Length == 1 && IsAuthority(hosts[0]);
    }

    private static bool IsAuthority(string text)
    {
        Match match = Authority().Match(text);
        string port = match.Groups["port"].Value.TrimStart('0');
        string literal = match.Groups["literal"].Value;
        return match.Success
            && port.Length <= 5
            && (port.Length == 0 || int.Parse(port, CultureInfo.InvariantCulture) <= 65535)
            && (literal.Length == 0 || (literal.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(literal,
                out _)));
    }

    private static bool OffersUpgrade(OracleFields fields)
    {
        string[] values = fields.Values("upgrade");
        return fields.ConnectionOptions.Contains("upgrade")
            && values.Length > 0
            && values.All(value => Protocols().IsMatch(value) && !value.Split(',').All(string.IsNullOrWhiteSpace))
            && !fields.Members("upgrade").Contains("h2c");
    }

    [GeneratedRegex(
        @"\A(?<method>[!#$%&'*+\-.^_`|~0-9A-Za-z]+) (?<target>[!$%&'()*+,\-./0-9:;=?@A-Za-z\[\]^_`{|}~]+) "
            + @"HTTP/1\.(?<minor>[0-9])\r\n")]
    private static partial Regex Line();

    [GeneratedRegex(@"\A(?i:https?)://(?<authority>[^/?]*)(?<path>.*)\z")]
    private static partial Regex Absolute();

    [GeneratedRegex(
        @"\A(?:\[(?<literal>[0-9A-Fa-f:.]+)\]|(?:[!$&'()*+\-.0-9;=A-Z_a-z~]|%[0-9A-Fa-f]{2})+)(?::(?<port>[0-9]*))?\z")]
    private static partial Regex Authority();

    [GeneratedRegex(@"\A[!#$%&'*+\-.^_`|~0-9A-Za-z/, \t]*\z")]
    private static partial Regex Protocols();
}

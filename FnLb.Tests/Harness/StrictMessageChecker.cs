using System.Buffers;
using System.Globalization;
using System.Text;

namespace FnLb.Tests.Harness;

/// <summary>
/// Reads heads by the letter of RFC 9112 and refuses everything that is invalid or ambiguous, whatever a lenient server
/// would make of it. It shares no code with the product, so that a mistake there cannot hide here.
/// </summary>
internal static class StrictMessageChecker
{
    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <param name="bytes">A whole head, the final empty line included.</param>
    public static WireHead CheckRequestHead(ReadOnlySpan<byte> bytes)
    {
        WireHead head = CheckHead(bytes);
        string[] parts = head.StartLine.Split(' ');
        Require(parts.Length == 3, $"request line with {parts.Length} parts: {head.StartLine}");
        Require(IsToken(parts[0]), $"method is no token: {head.StartLine}");
        Require(IsTarget(parts[0], parts[1]), $"bad request target: {head.StartLine}");
        Require(parts[2] == "HTTP/1.1", $"version is not HTTP/1.1: {head.StartLine}");
        string[] hosts = head.Values("Host");
        Require(hosts.Length == 1, $"{hosts.Length} Host fields");
        bool isHost = hosts[0].All(c => c is > ' ' and < (char)0x7f and not '@' and not '/' and not ',');
        Require(isHost, $"bad Host: {hosts[0]}");
        _ = BodyOfRequest(head);
        return head;
    }

    /// <param name="bytes">A whole head, the final empty line included.</param>
    public static WireHead CheckResponseHead(ReadOnlySpan<byte> bytes)
    {
        WireHead head = CheckHead(bytes);
        string line = head.StartLine;
        bool hasParts = line.Length >= 13 && line.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) && line[12] == ' ';
        Require(hasParts && line.AsSpan(9, 3).IndexOfAnyExceptInRange('0', '9') < 0, $"bad status line: {line}");
        Require(line[9] is >= '1' and <= '9', $"bad status code: {line}");
        return head;
    }

    /// <summary>How the body of a request ends (RFC 9112 section 6.3).</summary>
    public static WireBodyKind BodyOfRequest(WireHead head) => Framing(head) ?? WireBodyKind.None;

    /// <summary>How the body of an answer to that method ends (RFC 9112 section 6.3).</summary>
    public static WireBodyKind BodyOfResponse(WireHead head, string method)
    {
        int status = int.Parse(head.Second, CultureInfo.InvariantCulture);
        WireBodyKind? framing = Framing(head);
        if (status is >= 100 and < 200 or 204)
        {
            Require(framing is null, $"{status} with a framing field");
            return WireBodyKind.None;
        }

        return status == 304 || method == "HEAD" ? WireBodyKind.None : framing ?? WireBodyKind.UntilClose;
    }

    /// <summary>Field lines up to and including the empty line that ends them.</summary>
    public static IReadOnlyList<WireField> CheckFields(string text)
    {
        Require(text.EndsWith("\r\n", StringComparison.Ordinal), "field section does not end with CRLF");
        string[] lines = text.Split("\r\n");
        Require(lines.Length >= 2 && lines[^1].Length + lines[^2].Length == 0, "field section has no final empty line");
        return [.. lines[..^2].Select(CheckField)];
    }

    private static WireHead CheckHead(ReadOnlySpan<byte> bytes)
    {
        string text = Encoding.Latin1.GetString(bytes);
        int lineEnd = text.IndexOf("\r\n", StringComparison.Ordinal);
        Require(lineEnd > 0, "no start line");
        string startLine = text[..lineEnd];
        Require(startLine.All(c => c is '\t' or (>= ' ' and not (char)0x7f)),
            $"control byte in the start line: {startLine}");
        return new WireHead(startLine, CheckFields(text[(lineEnd + 2)..]));
    }

    private static WireField CheckField(string line)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        Require(colon > 0, $"line without a field name: {line}");
        string name = line[..colon];
        Require(IsToken(name), $"field name is no token: {line}");
        string value = line[(colon + 1)..].Trim(' ', '\t');
        Require(value.All(c => c is '\t' or (>= ' ' and not (char)0x7f)), $"control byte in a value: {line}");
        return new WireField(name, value);
    }

    private static WireBodyKind? Framing(WireHead head)
    {
        string[] lengths = head.Values("Content-Length");
        string[] codings = head.Values("Transfer-Encoding");
        Require(lengths.Length + codings.Length <= 1, "more than one framing field");
        if (codings.Length == 1)
        {
            Require(codings[0] == "chunked", $"Transfer-Encoding is {codings[0]}");
            return WireBodyKind.Chunked;
        }

        if (lengths.Length == 0)
        {
            return null;
        }

        string digits = lengths[0];
        bool isCanonical = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long length)
            && length.ToString(CultureInfo.InvariantCulture) == digits;
        Require(isCanonical, $"Content-Length is {digits}");
        return WireBodyKind.Length;
    }

    private static bool IsToken(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(Token);

    private static bool IsTarget(string method, string target) =>
        (target is "*" && method == "OPTIONS")
        || (target.StartsWith('/') && target.All(c => c is > ' ' and < (char)0x7f and not '#' and not '\\'));

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new WireFormatException(message);
        }
    }
}

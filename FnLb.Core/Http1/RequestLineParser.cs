namespace FnLb.Core.Http1;

/// <summary>Parses method SP target SP HTTP-version CRLF (RFC 9112 section 3). One SP each time, and nothing else,
/// separates the parts.</summary>
internal static class RequestLineParser
{
    // The longest registered method has 17 letters (UPDATEREDIRECTREF).
    private const int MethodBytesMax = 64;

    private static ReadOnlySpan<byte> VersionLine => "HTTP/1.1\r\n"u8;

    /// <param name="start">Where the line starts in input.</param>
    /// <param name="lineBytesMax">With the CRLF.</param>
    public static ParseStatus TryParse(
        ReadOnlySpan<byte> input, int start, int lineBytesMax, out RequestLine line, out Rejection rejection)
    {
        bool isCut = input.Length - start > lineBytesMax;
        ReadOnlySpan<byte> window = isCut ? input.Slice(0, start + lineBytesMax) : input;
        ParseStatus status = Parse(window, start, out line, out rejection);
        if (status == ParseStatus.Incomplete && window.Length - start >= lineBytesMax)
        {
            rejection = Rejection.TargetTooLong;
            return ParseStatus.Rejected;
        }

        return status;
    }

    private static ParseStatus Parse(ReadOnlySpan<byte> input, int start, out RequestLine line, out Rejection rejection)
    {
        line = default;
        int methodEnd = ByteScan.EndOfToken(input, start);
        int methodBytes = methodEnd - start;
        if ((uint)methodEnd >= (uint)input.Length || input[methodEnd] != ' ' || methodBytes is 0 or > MethodBytesMax)
        {
            return BreakOffMethod(input[start..], methodBytes, out rejection);
        }

        RequestMethod method = ParseMethod(input[start..methodEnd]);
        int targetStart = methodEnd + 1;
        int targetEnd = ByteScan.EndOfTarget(input, targetStart);
        if ((uint)targetEnd >= (uint)input.Length || input[targetEnd] != ' ' || targetEnd == targetStart
            || !MayStartTarget(input[targetStart]))
        {
            return BreakOffTarget(input[targetStart..], targetEnd - targetStart, out rejection);
        }

        ReadOnlySpan<byte> rest = input[(targetEnd + 1)..];
        bool isHttp11 = rest.StartsWith(VersionLine);
        bool isHttp10 = false;
        rejection = Rejection.None;
        ParseStatus status = isHttp11 ? ParseStatus.Complete : ParseVersion(rest, out isHttp10, out rejection);
        if (status == ParseStatus.Complete)
        {
            Slice target = new(targetStart, targetEnd - targetStart);
            int end = targetEnd + 1 + VersionLine.Length;
            line = new RequestLine(method, new Slice(start, methodBytes), target, isHttp10, isHttp11, end);
        }

        return status;
    }

    // Methods are case-sensitive (RFC 9110 section 9.1): "get" is another method.
    private static RequestMethod ParseMethod(ReadOnlySpan<byte> text) => text.Length switch
    {
        3 when text.SequenceEqual("GET"u8) => RequestMethod.Get,
        3 when text.SequenceEqual("PUT"u8) => RequestMethod.Put,
        4 when text.SequenceEqual("POST"u8) => RequestMethod.Post,
        4 when text.SequenceEqual("HEAD"u8) => RequestMethod.Head,
        5 when text.SequenceEqual("PATCH"u8) => RequestMethod.Patch,
        5 when text.SequenceEqual("TRACE"u8) => RequestMethod.Trace,
        6 when text.SequenceEqual("DELETE"u8) => RequestMethod.Delete,
        7 when text.SequenceEqual("OPTIONS"u8) => RequestMethod.Options,
        7 when text.SequenceEqual("CONNECT"u8) => RequestMethod.Connect,
        _ => RequestMethod.Other,
    };

    private static ParseStatus BreakOffMethod(ReadOnlySpan<byte> rest, int methodBytes, out Rejection rejection)
    {
        if (methodBytes > MethodBytesMax)
        {
            rejection = Rejection.MethodTooLong;
            return ParseStatus.Rejected;
        }

        if (methodBytes == rest.Length)
        {
            rejection = Rejection.None;
            return ParseStatus.Incomplete;
        }

        rejection = rest[methodBytes] == '\n' ? Rejection.BareLf : Rejection.InvalidMethod;
        return ParseStatus.Rejected;
    }

    private static ParseStatus BreakOffTarget(ReadOnlySpan<byte> rest, int targetBytes, out Rejection rejection)
    {
        if (!rest.IsEmpty && !MayStartTarget(rest[0]))
        {
            rejection = Rejection.InvalidTarget;
            return ParseStatus.Rejected;
        }

        if (targetBytes == rest.Length)
        {
            rejection = Rejection.None;
            return ParseStatus.Incomplete;
        }

        rejection = (char)rest[targetBytes] switch
        {
            '\n' => Rejection.BareLf,
            '\r' => Rejection.InvalidVersion,
            '#' => Rejection.Fragment,
            _ => Rejection.InvalidTarget,
        };
        return ParseStatus.Rejected;
    }

    // Origin-form, asterisk-form, a scheme, or the authority of CONNECT.
    private static bool MayStartTarget(byte b) =>
        b is (byte)'/' or (byte)'*' or (byte)'[' || char.IsAsciiLetterOrDigit((char)b);

    /// <summary>Any HTTP/1.x is served: x = 0 as 1.0, every other as 1.1 (RFC 9110 section 2.5).</summary>
    private static ParseStatus ParseVersion(ReadOnlySpan<byte> rest, out bool isHttp10, out Rejection rejection)
    {
        isHttp10 = false;
        rejection = Rejection.None;
        ReadOnlySpan<byte> seen = rest.Length > VersionLine.Length ? rest[..VersionLine.Length] : rest;
        for (int index = 0; index < seen.Length; index++)
        {
            byte expected = VersionLine[index];
            if (expected == '1' ? !char.IsAsciiDigit((char)seen[index]) : seen[index] != expected)
            {
                rejection = expected == '\n' ? Rejection.BareCr
                    : seen[index] == '\n' ? Rejection.BareLf
                    : Rejection.InvalidVersion;
                return ParseStatus.Rejected;
            }
        }

        if (seen.Length < VersionLine.Length)
        {
            return ParseStatus.Incomplete;
        }

        isHttp10 = seen[7] == '0';
        rejection = seen[5] == '1' ? Rejection.None : Rejection.UnsupportedVersion;
        return rejection == Rejection.None ? ParseStatus.Complete : ParseStatus.Rejected;
    }
}

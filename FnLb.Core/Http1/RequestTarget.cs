using System.Text;

namespace FnLb.Core.Http1;

/// <summary>Takes a request target apart by its form (RFC 9112 section 3.2).</summary>
internal static class RequestTarget
{
    /// <summary>Fills the path, and the authority of an absolute-form target, of <paramref name="head"/>.</summary>
    public static Rejection Parse(ReadOnlySpan<byte> input, in RequestLine line, RequestHead head)
    {
        ReadOnlySpan<byte> target = line.Target.Of(input);
        head.Authority = default;
        head.IsAsterisk = false;
        if (line.Method == RequestMethod.Connect)
        {
            return Authority.IsValidWithPort(target) ? Rejection.ConnectRefused : Rejection.InvalidAuthority;
        }

        if (target[0] == '/')
        {
            SetPath(input, line.Target, head);
            return Rejection.None;
        }

        if (target.Length == 1 && target[0] == '*' && line.Method == RequestMethod.Options)
        {
            SetPath(input, new Slice(line.Target.End, 0), head);
            head.IsAsterisk = true;
            return Rejection.None;
        }

        return ParseAbsolute(input, line, head);
    }

    private static Rejection ParseAbsolute(ReadOnlySpan<byte> input, in RequestLine line, RequestHead head)
    {
        ReadOnlySpan<byte> target = line.Target.Of(input);
        int schemeBytes = StartsWith(target, "http://"u8) ? "http://".Length
            : StartsWith(target, "https://"u8) ? "https://".Length
            : 0;
        if (schemeBytes == 0)
        {
            return Rejection.InvalidTarget;
        }

        ReadOnlySpan<byte> afterScheme = target[schemeBytes..];
        int authorityBytes = afterScheme.IndexOfAny((byte)'/', (byte)'?');
        authorityBytes = authorityBytes < 0 ? afterScheme.Length : authorityBytes;
        if (!Authority.IsValid(afterScheme[..authorityBytes]))
        {
            return Rejection.InvalidAuthority;
        }

        head.Authority = new Slice(line.Target.Start + schemeBytes, authorityBytes);
        SetPath(input, new Slice(head.Authority.End, line.Target.End - head.Authority.End), head);
        head.IsAsterisk = head.PathAndQuery.IsEmpty && line.Method == RequestMethod.Options;
        return Rejection.None;
    }

    // Schemes are case-insensitive (RFC 3986 section 3.1).
    private static bool StartsWith(ReadOnlySpan<byte> target, ReadOnlySpan<byte> scheme) =>
        target.Length > scheme.Length && Ascii.EqualsIgnoreCase(target[..scheme.Length], scheme);

    private static void SetPath(ReadOnlySpan<byte> input, Slice pathAndQuery, RequestHead head)
    {
        int end = ByteScan.IndexOf(input, pathAndQuery.Start, pathAndQuery.End, (byte)'?');
        head.PathAndQuery = pathAndQuery;
        head.Path = pathAndQuery with { Length = end - pathAndQuery.Start };
    }
}

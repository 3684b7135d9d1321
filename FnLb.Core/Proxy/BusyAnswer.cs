using System.Buffers.Text;
using FnLb.Core.Http1;

namespace FnLb.Core.Proxy;

/// <summary>Recognises the answer by which a node says that it did not start the call because it had no room for
/// it.</summary>
/// <remarks>Fn answers 503 with Retry-After and a message. All three must be there: a function may well answer 503
/// itself, and has run then.</remarks>
internal static class BusyAnswer
{
    /// <summary>A longer body is no busy answer, and is not waited for.</summary>
    public const int BodyBytesMax = 4 * 1024;

    /// <summary>The shortest wait that may be told to a client, in seconds.</summary>
    private const int RetryAfterSecondsDefault = 1;

    /// <summary>Whether a head is worth the wait for its body.</summary>
    public static bool MayBe(ResponseHead head, ProxyOptions options) =>
        !head.RetryAfter.IsEmpty
        && options.BusyStatuses.Contains(head.Status)
        && (head.Framing == BodyFraming.Chunked
            || (head.Framing == BodyFraming.Length && head.ContentLength <= BodyBytesMax));

    /// <summary>Looks for the message in the body.</summary>
    /// <param name="bytes">The head and what has arrived of the body.</param>
    /// <returns>Incomplete while more of the body is needed; Complete when the node is busy; Rejected when the answer
    /// says something else.</returns>
    public static ParseStatus Judge(ResponseHead head, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> body = bytes[head.Length..];
        ParseStatus end = FindEnd(head, body);
        if (end != ParseStatus.Complete)
        {
            return body.Length > BodyBytesMax ? ParseStatus.Rejected : end;
        }

        return body.IndexOf(message) >= 0 ? ParseStatus.Complete : ParseStatus.Rejected;
    }

    /// <returns>Seconds; a date (RFC 9110 section 10.2.3) counts as the shortest wait.</returns>
    public static int RetryAfterSeconds(ResponseHead head, ReadOnlySpan<byte> bytes)
    {
        bool isNumber = Utf8Parser.TryParse(head.RetryAfter.Of(bytes), out int seconds, out int used)
            && used == head.RetryAfter.Length && seconds > 0;
        return isNumber ? seconds : RetryAfterSecondsDefault;
    }

    // Complete with the last chunk: what trailers say does not matter here.
    private static ParseStatus FindEnd(ResponseHead head, ReadOnlySpan<byte> body)
    {
        if (head.Framing == BodyFraming.Length)
        {
            return body.Length >= head.ContentLength ? ParseStatus.Complete : ParseStatus.Incomplete;
        }

        ChunkReader chunks = default;
        ChunkStep step;
        do
        {
            step = chunks.Next(body, out int consumed, out _, out _);
            body = body[consumed..];
        }
        while (step == ChunkStep.Data);
        return step switch
        {
            ChunkStep.Trailers => ParseStatus.Complete,
            ChunkStep.Rejected => ParseStatus.Rejected,
            _ => ParseStatus.Incomplete,
        };
    }
}

using System.Text;
using FnLb.Core.Http1;

namespace FnLb.Tests.Http1;

/// <summary>Messages as test cases write them: one character a byte.</summary>
internal static class Wire
{
    public static readonly HeadLimits Limits = new();

    /// <summary>Field lines by the book, and the empty line: one space, no other whitespace at the ends.</summary>
    public const string StrictLines =
        @"(?:[!-9;-~]+: (?:[!-~\x80-\xff](?:[\t -~\x80-\xff]*[!-~\x80-\xff])?)?\r\n)*\r\n";

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>A whole request head with the given field lines after Host.</summary>
    public static string Request(string lines = "", string start = "POST /r/app/route HTTP/1.1") =>
        $"{start}\r\nHost: a\r\n{(lines.Length == 0 ? "" : lines + "\r\n")}\r\n";

    /// <summary>A whole response head with the given field lines.</summary>
    public static string Response(string lines = "", string start = "HTTP/1.1 200 OK") =>
        $"{start}\r\n{(lines.Length == 0 ? "" : lines + "\r\n")}\r\n";

    /// <summary>A head that says the same, of which no line is as this hop would write it.</summary>
    public static string Twin(string head)
    {
        string[] lines = head.Split("\r\n");
        int start = Array.FindIndex(lines, line => line.Length > 0);
        lines[start] = lines[start].StartsWith("HTTP/1.1", StringComparison.Ordinal) ? $"HTTP/1.7{lines[start][8..]}"
            : lines[start].EndsWith("HTTP/1.1", StringComparison.Ordinal) ? $"{lines[start][..^1]}7"
            : lines[start];
        for (int index = start + 1; index < lines.Length; index++)
        {
            int colon = lines[index].IndexOf(':');
            lines[index] = colon < 0 ? lines[index] : lines[index].Insert(colon + 1, "\t");
        }

        return string.Join("\r\n", lines);
    }
}

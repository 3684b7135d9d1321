using System.Text.RegularExpressions;

namespace FnLb.Tests.Conformance;

/// <summary>Makes a message wrong in the ways that have fooled parsers before; one char is one byte.</summary>
internal sealed partial class Mutator(Random random)
{
    private static readonly string[] Pieces =
    [
        "\r", "\n", "\r\n", "\n\n", "\r\n\r\n", "\0", ":", " ", "\t", "\v", "\f", ",", ";", "\"", "\\", "#", "?", "/",
            "@", "%0d%0a",
        "\u007f", "\u0085", "\u00a0", "\u00ff", "0", "00", "+", "-", "0x", "chunked", "Content-Length: 5\r\n",
            "Content-Length:\r\n",
        "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: identity\r\n", "Connection: close\r\n", "Host: b\r\n",
        "X: y\r\n z\r\n", " HTTP/1.1", "HTTP/1.0", "0\r\n\r\n", "5\r\nhello\r\n",
            "GET /marker HTTP/1.1\r\nHost: a\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nmarker",
    ];

    private static readonly string[] Numbers =
    [
        "", "0", "1", "00", "05", "+5", "-1", "0x5", "5 ", "5,5", "1e1", "fffffffffffffff", "ffffffffffffffff",
            "9223372036854775807",
        "9223372036854775808", "18446744073709551616", "99999999999999999999999999",
    ];

    /// <summary>One to three changes.</summary>
    public string Mutate(string message)
    {
        for (int left = random.Next(1, 4); left > 0 && message.Length > 0; left--)
        {
            message = random.Next(9) switch
            {
                0 => Replace(message, 1, $"{(char)(message[At(message)] ^ (1 << random.Next(8)))}"),
                1 => Replace(message, 1, $"{(char)random.Next(256)}"),
                2 => Replace(message, random.Next(1, 9), ""),
                3 => Duplicate(message),
                4 or 5 => Replace(message, 0, Pick(Pieces)),
                6 => ChangeNumber(message),
                7 => ChangeLines(message),
                _ => Replace(message, random.Next(1, 5), Pick(Pieces)),
            };
        }

        return message;
    }

    /// <summary>The message in one to four pieces, or byte by byte.</summary>
    public IEnumerable<string> Split(string message)
    {
        int pieces = random.Next(20) == 0 ? message.Length : random.Next(1, 5);
        int start = 0;
        for (int left = pieces; left > 1 && start < message.Length - 1; left--)
        {
            int end = pieces == message.Length ? start + 1 : random.Next(start + 1, message.Length);
            yield return message[start..end];
            start = end;
        }

        yield return message[start..];
    }

    private int At(string message) => random.Next(message.Length);

    private string Pick(string[] choices) => choices[random.Next(choices.Length)];

    private string Replace(string message, int count, string piece)
    {
        int at = random.Next(message.Length + (count == 0 ? 1 : 0));
        return message[..at] + piece + message[Math.Min(at + count, message.Length)..];
    }

    private string Duplicate(string message)
    {
        int start = At(message);
        int end = Math.Min(message.Length, start + random.Next(1, 40));
        return message[..end] + message[start..];
    }

    private string ChangeNumber(string message)
    {
        IList<Match> numbers = Number().Matches(message);
        if (numbers.Count == 0)
        {
            return message;
        }

        Match number = numbers[random.Next(numbers.Count)];
        string changed = random.Next(3) switch
        {
            0 => $"{(int.TryParse(number.Value, out int value) ? value + random.Next(-3, 4) : 7)}",
            1 => number.Value + (char)random.Next(256),
            _ => Pick(Numbers),
        };
        return message[..number.Index] + changed + message[(number.Index + number.Length)..];
    }

    private string ChangeLines(string message)
    {
        List<string> lines = [.. message.Split("\r\n")];
        int one = random.Next(lines.Count);
        int other = random.Next(lines.Count);
        switch (random.Next(4))
        {
            case 0:
                (lines[one], lines[other]) = (lines[other], lines[one]);
                break;
            case 1:
                lines.RemoveAt(one);
                break;
            case 2:
                lines.Insert(other, lines[one]);
                break;
            default:
                lines[one] = lines[one] + "\n" + lines[other];
                break;
        }

        return string.Join("\r\n", lines);
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}

using System.Globalization;
using System.Text;

namespace FnLb.Tests.Harness;

/// <summary>
/// Reads one body by its framing, strictly: no chunk extensions, no byte that the grammar does not allow.
/// </summary>
internal static class WireBody
{
    private static readonly byte[] Crlf = "\r\n"u8.ToArray();

    public static async Task<(byte[] Body, IReadOnlyList<WireField> Trailers)> ReadAsync(
        WireReader reader, WireHead head, WireBodyKind kind)
    {
        switch (kind)
        {
            case WireBodyKind.None:
                return ([], []);
            case WireBodyKind.Length:
                long length = long.Parse(head.Value("Content-Length")!, CultureInfo.InvariantCulture);
                return (await reader.ReadExactlyAsync(length), []);
            case WireBodyKind.UntilClose:
                return (await reader.ReadToEndAsync(), []);
            default:
                return await ReadChunksAsync(reader);
        }
    }

    private static async Task<(byte[] Body, IReadOnlyList<WireField> Trailers)> ReadChunksAsync(WireReader reader)
    {
        using MemoryStream body = new();
        while (true)
        {
            int size = ParseSize(await LineAsync(reader));
            if (size == 0)
            {
                break;
            }

            body.Write(await reader.ReadExactlyAsync(size));
            if (await LineAsync(reader) is { Length: > 0 } junk)
            {
                throw new WireFormatException($"chunk data is not followed by CRLF but by: {junk}");
            }
        }

        StringBuilder trailers = new();
        string line;
        do
        {
            line = await LineAsync(reader);
            trailers.Append(line).Append("\r\n");
        }
        while (line.Length > 0);

        // The checker wants the empty line that ends the section, which is the last one appended.
        return (body.ToArray(), StrictMessageChecker.CheckFields(trailers.ToString()));
    }

    private static async Task<string> LineAsync(WireReader reader)
    {
        byte[] line = await reader.ReadThroughAsync(Crlf)
            ?? throw new EndOfStreamException("the stream ended between chunks");
        return Encoding.Latin1.GetString(line.AsSpan(0, line.Length - 2));
    }

    private static int ParseSize(string line)
    {
        bool isSize = line.Length is > 0 and <= 8 && line.All(char.IsAsciiHexDigit);
        return isSize
            ? int.Parse(line, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : throw new WireFormatException($"bad chunk size line: {line}");
    }
}

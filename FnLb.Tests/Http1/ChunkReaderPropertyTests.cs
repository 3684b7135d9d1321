using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using FnLb.Core.Http1;
using NUnit.Framework;

namespace FnLb.Tests.Http1;

/// <summary>What holds for every chunked body, good or bad, however it is cut.</summary>
public sealed partial class ChunkReaderPropertyTests
{
    private const string Tchar = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]";

    private static readonly Gen<string> Extension = Gen.OneOfConst(
        "", "", "", ";a", ";a=b", " ;\ta = b", ";a=\"x;\\\"\r\"", ";a=\"x\\\"y\"", ";", ";a=", ";=b", " ", ";a b",
        "\u00e9", ";a=\"\u00e9\"");

    private static readonly Gen<string> Chunk = Gen.Select(
        Gen.Char["ab\r\n0\u00ff"].Array[1, 20],
        Gen.Frequency((12, Extension), (1, Gen.OneOfConst("x", "\n"))),
        Gen.OneOfConst("x", "X", "x4"),
        (data, extension, format) => Size(data.Length, format) + extension + "\r\n" + new string(data) + "\r\n");

    /// <summary>Bodies with up to two bytes changed.</summary>
    private static readonly Gen<string> Body = Gen.Select(
        Chunk.Array[0, 4], Gen.Frequency((8, Gen.Const("0\r\n")), (1, Gen.OneOfConst("000;a\r\n", "00\n", ""))),
        Gen.Select(Gen.Int[0, 10_000], Gen.Char["\r\n\0 ;=\"05fg\t"]).Array[0, 2],
        (chunks, last, edits) => edits.Aggregate(string.Concat(chunks) + last + "X: y\r\n\r\n", (text, edit) =>
            text.Remove(edit.Item1 % text.Length, 1).Insert(edit.Item1 % text.Length, edit.Item2.ToString())));

    private static readonly Gen<(string, int[])> BodyInPieces = Gen.Select(Body, Gen.Int[1, 9].Array[0, 200]);

    [Test]
    public void A_body_cut_anywhere_reads_the_same() => BodyInPieces.Sample((text, cuts) =>
    {
        byte[] wire = Wire.Bytes(text);
        List<int> pieces = [];
        foreach (int cut in cuts.Append(wire.Length))
        {
            pieces.Add(int.Min(cut, wire.Length - pieces.Sum()));
        }

        Assert.That(ChunkedBody.Read(wire, pieces), Is.EqualTo(ChunkedBody.Read(wire, [wire.Length])));
    }, iter: 10_000);

    [Test]
    public void The_reader_and_the_grammar_agree_on_every_body() => Body.Sample(text =>
    {
        (ChunkStep last, string body, _) = ChunkedBody.Read(Wire.Bytes(text), [text.Length]);
        string? expected = ReferenceBody(text);
        Assert.That(last == ChunkStep.Trailers ? body : null, Is.EqualTo(expected));
    }, iter: 30_000);

    [Test]
    public void What_the_writer_frames_the_reader_gives_back() => Gen.String[1, 200].Array[0, 10].Sample(parts =>
    {
        StringBuilder wire = new();
        byte[] line = new byte[ChunkWriter.SizeLineBytesMax];
        foreach (byte[] data in parts.Select(Encoding.UTF8.GetBytes))
        {
            int lineBytes = ChunkWriter.WriteSizeLine(data.Length, line);
            wire.Append(Wire.Text(line.AsSpan(0, lineBytes)));
            wire.Append(Wire.Text(data)).Append(Wire.Text(ChunkWriter.DataEnd));
        }

        wire.Append(Wire.Text(ChunkWriter.LastChunk));
        (ChunkStep last, string body, _) = ChunkedBody.Read(Wire.Bytes(wire.ToString()), [wire.Length]);
        Assert.That(last, Is.EqualTo(ChunkStep.Trailers));
        Assert.That(Wire.Bytes(body), Is.EqualTo(Encoding.UTF8.GetBytes(string.Concat(parts))));
    }, iter: 1_000);

    /// <returns>Null when the text does not start with a whole chunked body.</returns>
    private static string? ReferenceBody(string text)
    {
        StringBuilder body = new();
        int index = 0;
        while (SizeLine().Match(text, index) is { Success: true } line)
        {
            index += line.Length;
            int size = int.Parse(line.Groups["size"].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                return body.ToString();
            }

            if (index + size + 2 > text.Length || text.Substring(index + size, 2) != "\r\n")
            {
                return null;
            }

            body.Append(text, index, size);
            index += size + 2;
        }

        return null;
    }

    private static string Size(int dataBytes, string format) =>
        dataBytes.ToString(format, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"\G(?<size>[0-9A-Fa-f]{1,7})(?:[ \t]*;[ \t]*" + Tchar + @"+(?:[ \t]*=[ \t]*(?:" + Tchar + "+"
        + @"|""(?:[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t -~\x80-\xff])*""))?)*\r\n")]
    private static partial Regex SizeLine();
}

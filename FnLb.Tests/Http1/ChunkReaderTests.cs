using FnLb.Core.Http1;
using NUnit.Framework;

namespace FnLb.Tests.Http1;

/// <summary>HTTP.md part A, rows 44 to 51, 54 and 56.</summary>
public sealed class ChunkReaderTests
{
    private const string Body = "hello";

    [TestCase("0x5", Rejection.InvalidChunkSize)]
    [TestCase("+5", Rejection.InvalidChunkSize)]
    [TestCase("-5", Rejection.InvalidChunkSize)]
    [TestCase("-0x0", Rejection.InvalidChunkSize)]
    [TestCase("0_5", Rejection.InvalidChunkSize)]
    [TestCase("0_2e", Rejection.InvalidChunkSize)]
    [TestCase("5xyz", Rejection.InvalidChunkSize)]
    [TestCase("5g", Rejection.InvalidChunkSize)]
    [TestCase(" 5", Rejection.InvalidChunkSize)]
    [TestCase("\t5", Rejection.InvalidChunkSize)]
    [TestCase("5 ", Rejection.InvalidChunkExtension)]
    [TestCase("5\t", Rejection.InvalidChunkExtension)]
    [TestCase("5 5", Rejection.InvalidChunkExtension)]
    [TestCase("5,", Rejection.InvalidChunkSize)]
    [TestCase("5.", Rejection.InvalidChunkSize)]
    [TestCase("\u00b25", Rejection.InvalidChunkSize)]
    [TestCase("", Rejection.InvalidChunkSize)]
    public void A44_A45_B79_A_size_that_is_not_hexadecimal_digits_is_refused(string size, Rejection rejection) =>
        RefusedUnlike("5", size, rejection);

    [Test]
    public void A45_An_empty_line_between_chunks_is_refused()
    {
        Assert.That(Read("5\r\nhello\r\n\r\n5\r\nworld\r\n0\r\n").Rejection, Is.EqualTo(Rejection.InvalidChunkSize));
        Assert.That(Read("5\r\nhello\r\n5\r\nworld\r\n0\r\n").Body, Is.EqualTo("helloworld"));
    }

    [TestCase("8000000000000000")]
    [TestCase("FFFFFFFFFFFFFFFF")]
    [TestCase("FFFFFFFFFFFFFFFF0")]
    [TestCase("10000000000000005")]
    [TestCase("00008000000000000000")]
    public void A46_B77_A_size_beyond_63_bits_is_refused(string size)
    {
        Assert.That(Read(size + "\r\nhello").Rejection, Is.EqualTo(Rejection.ChunkTooLarge));
        (ChunkStep last, string body, _) = Read("7FFFFFFFFFFFFFFF\r\nhello");
        Assert.That((last, body), Is.EqualTo((ChunkStep.NeedMore, "hello")));
    }

    [Test]
    public void B77_Leading_zeros_change_nothing() => Served(new string('0', 100) + "5");

    [TestCase("5\r\r;a", Rejection.InvalidChunkLineEnd)]
    [TestCase("5;a=b\r\rX", Rejection.InvalidChunkLineEnd)]
    [TestCase("5\rX", Rejection.InvalidChunkLineEnd)]
    [TestCase("5\r", Rejection.InvalidChunkLineEnd)]
    public void A47_A_CR_within_a_size_line_is_refused(string size, Rejection rejection) =>
        RefusedUnlike("5", size, rejection);

    [TestCase("5\nhello\r\n0\r\n", Rejection.BareLf)]
    [TestCase("5;a\nhello\r\n0\r\n", Rejection.BareLf)]
    [TestCase("5;a=\"b\nc\"\r\nhello\r\n0\r\n", Rejection.BareLf)]
    [TestCase("5\r\nhello\n0\r\n", Rejection.InvalidChunkDataEnd)]
    [TestCase("5\r\nhello\r0\r\n", Rejection.InvalidChunkDataEnd)]
    [TestCase("5\r\nhello\r\n0\n", Rejection.BareLf)]
    public void A48_A_lone_LF_is_refused(string wire, Rejection rejection)
    {
        Assert.That(Read(wire).Rejection, Is.EqualTo(rejection));
        Served("5");
    }

    [TestCase("5\r\nhelloXX0\r\n")]
    [TestCase("5\r\nhello!\r\n0\r\n")]
    [TestCase("5\r\nhell\r\n0\r\n")]
    [TestCase("5\r\nhello0\r\n")]
    [TestCase("5\r\nhello\rX0\r\n")]
    public void A49_Data_without_CRLF_after_it_is_refused(string wire)
    {
        Assert.That(Read(wire).Rejection, Is.EqualTo(Rejection.InvalidChunkDataEnd));
        Served("5");
    }

    [TestCase("5;", "5;a")]
    [TestCase("5;a;", "5;a")]
    [TestCase("5;;a", "5;a")]
    [TestCase("5;=a", "5;b=a")]
    [TestCase("5;a=", "5;a=b")]
    [TestCase("5;a=;b", "5;a;b")]
    [TestCase("5;a==b", "5;a=b")]
    [TestCase("5;bad[=x", "5;bad=x")]
    [TestCase("5;a=b[", "5;a=b")]
    [TestCase("5;a=\"b", "5;a=\"b\"")]
    [TestCase("5;a=b\"", "5;a=b")]
    [TestCase("5;a=\"b\"c", "5;a=\"bc\"")]
    [TestCase("5;a=\"b\\\"", "5;a=\"b\\\"\"")]
    [TestCase("5;\"a\"", "5;a")]
    [TestCase("5;a\0", "5;a")]
    [TestCase("5;a=\"\0\"", "5;a=\"\"")]
    [TestCase("5;a=\"\x7f\"", "5;a=\"\"")]
    [TestCase("5;a=\"\\\x01\"", "5;a=\"\\1\"")]
    [TestCase("5;a\u00e9", "5;ae")]
    [TestCase("5;a ", "5;a")]
    [TestCase("5;a=b ", "5;a=b")]
    [TestCase("5;a=\"b\" ", "5;a=\"b\"")]
    [TestCase("5;a b", "5;a;b")]
    [TestCase("5;a=b c", "5;a=b;c")]
    [TestCase("5; ", "5; a")]
    public void A50_A_malformed_extension_is_refused(string size, string twin) =>
        RefusedUnlike(twin, size, Rejection.InvalidChunkExtension);

    [TestCase("5;a")]
    [TestCase("5;a=b")]
    [TestCase("5;foo=bar;baz")]
    [TestCase("5;a=\"\"")]
    [TestCase("5;a=\"q;\\\" \\\\,=\t\u00e9\"")]
    [TestCase("5;a=\"b\";c=\"d\"")]
    [TestCase("5 \t; \ta \t= \tb \t; c ;d= \"e\"")]
    public void A51_B80_A_well_formed_extension_is_dropped(string size) => Served(size);

    [Test]
    public void A51_B81_Extensions_are_bounded_by_line_and_by_body()
    {
        string atLineLimit = "5;" + new string('a', 4096 - 2);
        Served(atLineLimit);
        Assert.That(Read(atLineLimit + "a\r\nhello\r\n0\r\n").Rejection, Is.EqualTo(Rejection.ChunkLineTooLong));
        Assert.That(Read(new string('0', 4097)).Rejection, Is.EqualTo(Rejection.ChunkLineTooLong));

        string chunk = "1;" + new string('a', 1023) + "\r\nx\r\n";
        string sixteen = string.Concat(Enumerable.Repeat(chunk, 16));
        Assert.That(Read(sixteen + "0\r\n").Last, Is.EqualTo(ChunkStep.Trailers));
        Assert.That(Read(sixteen + "1;a\r\nx\r\n0\r\n").Rejection, Is.EqualTo(Rejection.ChunkExtensionsTooLarge));
    }

    [Test]
    public void A54_Nothing_after_the_last_chunk_is_touched()
    {
        byte[] wire = Wire.Bytes("0;a=b\r\nX: POST / HTTP/1.1\r\n\r\n");
        ChunkReader reader = default;
        Assert.That(reader.Next(wire, out int consumed, out _, out _), Is.EqualTo(ChunkStep.Trailers));
        Assert.That(consumed, Is.EqualTo("0;a=b\r\n".Length));
    }

    [Test]
    public void A56_B52_A_body_of_several_chunks_is_read() =>
        Assert.That(
            Read("5\r\nhello\r\nA;x\r\n0123456789\r\n1\r\n\n\r\n000\r\n"),
            Is.EqualTo((ChunkStep.Trailers, "hello0123456789\n", Rejection.None)));

    [Test]
    public void Rejected_consumes_up_to_the_first_bad_byte()
    {
        byte[] wire = Wire.Bytes("5;a\0");
        ChunkReader reader = default;
        Assert.That(reader.Next(wire, out int consumed, out _, out _), Is.EqualTo(ChunkStep.Rejected));
        Assert.That(consumed, Is.EqualTo(3));
    }

    [TestCase(1, "1\r\n")]
    [TestCase(10, "A\r\n")]
    [TestCase(65536, "10000\r\n")]
    [TestCase(int.MaxValue, "7FFFFFFF\r\n")]
    public void The_writer_gives_the_size_in_hexadecimal(int dataBytes, string line)
    {
        byte[] destination = new byte[ChunkWriter.SizeLineBytesMax];
        int length = ChunkWriter.WriteSizeLine(dataBytes, destination);
        Assert.That(Wire.Text(destination.AsSpan(0, length)), Is.EqualTo(line));
    }

    private static void Served(string size) =>
        Assert.That(Read($"{size}\r\n{Body}\r\n0\r\n"), Is.EqualTo((ChunkStep.Trailers, Body, Rejection.None)));

    private static void RefusedUnlike(string twin, string size, Rejection rejection)
    {
        Assert.That(Read($"{size}\r\n{Body}\r\n0\r\n").Rejection, Is.EqualTo(rejection));
        Served(twin);
    }

    /// <summary>Reads to the end, the trailers or the refusal, each time in one piece and byte by byte.</summary>
    private static (ChunkStep Last, string Body, Rejection Rejection) Read(string wire)
    {
        (ChunkStep, string, Rejection) whole = ChunkedBody.Read(Wire.Bytes(wire), [wire.Length]);
        (ChunkStep, string, Rejection) bytewise = ChunkedBody.Read(
            Wire.Bytes(wire), [.. Enumerable.Repeat(1, wire.Length)]);
        Assert.That(bytewise, Is.EqualTo(whole));
        return whole;
    }
}

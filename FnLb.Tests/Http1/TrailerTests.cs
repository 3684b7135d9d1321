using FnLb.Core.Http1;
using NUnit.Framework;

namespace FnLb.Tests.Http1;

/// <summary>HTTP.md part A, rows 48, 52 and 53.</summary>
public sealed class TrailerTests
{
    [TestCase("\r\n", "\r\n")]
    [TestCase("X:POST / HTTP/1.1\r\n\r\n", "X: POST / HTTP/1.1\r\n\r\n")]
    [TestCase("X: a\r\nY: b\r\nX: c\r\n\r\n", "X: a\r\nY: b\r\nX: c\r\n\r\n")]
    [TestCase("grpc-status: 0\r\nX-Auth: \u00e9\r\n\r\n", "grpc-status: 0\r\nX-Auth: \u00e9\r\n\r\n")]
    public void A52_Trailers_pass_as_trailers(string section, string written) =>
        Assert.That(Forwarded(section), Is.EqualTo(written));

    [Test]
    public void A53_B82_What_frames_routes_or_authenticates_does_not_pass(
        [Values(
            "Content-Length", "Transfer-Encoding", "Host", "Connection", "Keep-Alive", "Proxy-Connection", "Te",
            "Trailer", "Upgrade", "Expect", "Max-Forwards", "Via", "X-Forwarded-For", "X-Forwarded-Proto",
            "X-Forwarded-Host", "X-Request-Id", "Date", "Retry-After", "XXX-FXLB-WAIT", "Proxy-Authenticate",
            "Proxy-Authorization", "Authorization", "WWW-Authenticate", "Content-Type", "Content-Encoding",
            "Content-Range", "Content-Location", "Cache-Control", "Pragma", "Range", "If-Match", "If-None-Match",
            "If-Modified-Since", "If-Unmodified-Since", "If-Range", "Age", "Expires", "Location", "Vary", "Warning",
            "Set-Cookie", "Cookie", "Forwarded")] string name)
    {
        Assert.That(Forwarded($"A: 1\r\n{name}: 5\r\nB: 2\r\n\r\n"), Is.EqualTo("A: 1\r\nB: 2\r\n\r\n"));
        Assert.That(Forwarded($"{name.ToUpperInvariant()}: 5\r\n\r\n"), Is.EqualTo("\r\n"));
        Assert.That(Forwarded($"{name}2: 5\r\n\r\n"), Is.EqualTo($"{name}2: 5\r\n\r\n"));
    }

    [Test]
    public void B107_A_trailer_that_Connection_nominated_does_not_pass()
    {
        ParsedRequest request = ParsedRequest.Served(Wire.Request("Connection: X-Hop"));
        Assert.That(
            Forwarded("x-hop: 1\r\nX-End: 2\r\n\r\n", request.Head.NominatedNames), Is.EqualTo("X-End: 2\r\n\r\n"));
        ParsedResponse response = ParsedResponse.Served(Wire.Response("Connection: X-Hop"));
        Assert.That(
            Forwarded("x-hop: 1\r\nX-End: 2\r\n\r\n", response.Head.NominatedNames), Is.EqualTo("X-End: 2\r\n\r\n"));
    }

    [TestCase("X: a\n\r\n", Rejection.BareLf)]
    [TestCase("X: a\r\n\n", Rejection.BareLf)]
    [TestCase("\n", Rejection.BareLf)]
    [TestCase("X: a\rb\r\n\r\n", Rejection.BareCr)]
    [TestCase("\rX", Rejection.BareCr)]
    [TestCase("X : a\r\n\r\n", Rejection.WhitespaceBeforeColon)]
    [TestCase(" X: a\r\n\r\n", Rejection.LeadingWhitespace)]
    [TestCase("X\r\n\r\n", Rejection.MissingColon)]
    [TestCase("X: a\0\r\n\r\n", Rejection.InvalidFieldValue)]
    public void A48_A_malformed_section_is_refused(string section, Rejection expected)
    {
        FieldTable trailers = new(Wire.Limits);
        Assert.That(
            TrailerParser.TryParse(Wire.Bytes(section), Wire.Limits, trailers, out _, out Rejection rejection),
            Is.EqualTo(ParseStatus.Rejected));
        Assert.That(rejection, Is.EqualTo(expected));
        Assert.That(Forwarded("X: a\r\n\r\n"), Is.EqualTo("X: a\r\n\r\n"));
    }

    [Test]
    public void A_section_is_incomplete_until_its_last_byte()
    {
        byte[] section = Wire.Bytes("X: a\r\nY:\r\n\r\n");
        FieldTable trailers = new(Wire.Limits);
        for (int count = 0; count <= section.Length; count++)
        {
            ParseStatus status = TrailerParser.TryParse(
                section.AsSpan(0, count), Wire.Limits, trailers, out int length, out _);
            Assert.That(
                status,
                Is.EqualTo(count < section.Length ? ParseStatus.Incomplete : ParseStatus.Complete),
                $"{count} bytes");
            Assert.That(status != ParseStatus.Complete || length == section.Length);
        }
    }

    private static string Forwarded(string section, NameFilter nominated = default)
    {
        FieldTable trailers = new(Wire.Limits);
        byte[] input = Wire.Bytes(section + "GET / HTTP/1.1\r\n");
        ParseStatus status = TrailerParser.TryParse(
            input, Wire.Limits, trailers, out int length, out Rejection rejection);
        Assert.That((status, rejection, length), Is.EqualTo((ParseStatus.Complete, Rejection.None, section.Length)));
        byte[] destination = new byte[TrailerWriter.MaxBytes(length, trailers)];
        return Wire.Text(destination.AsSpan(0, TrailerWriter.Write(input, trailers, nominated, destination)));
    }
}

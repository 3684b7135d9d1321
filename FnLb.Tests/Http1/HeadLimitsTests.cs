using FnLb.Core.Http1;
using NUnit.Framework;

namespace FnLb.Tests.Http1;

/// <summary>Limits hold to the byte, and hold for heads whose end has not come.</summary>
public sealed class HeadLimitsTests
{
    private static readonly HeadLimits Small = new() { HeadBytesMax = 300, StartLineBytesMax = 100, FieldCountMax = 4 };

    [Test]
    public void B44_A_head_one_byte_over_the_limit_is_refused()
    {
        string atLimit = Padded(300);
        Assert.That(atLimit, Has.Length.EqualTo(300));
        Assert.That(ParsedRequest.Of(atLimit, Small).Status, Is.EqualTo(ParseStatus.Complete));
        AssertRefused(Padded(301), Rejection.HeadTooLarge, 431);
    }

    [Test]
    public void B44_A_head_without_an_end_is_refused_at_the_limit()
    {
        Assert.That(ParsedRequest.Of(Padded(400)[..299], Small).Status, Is.EqualTo(ParseStatus.Incomplete));
        AssertRefused(Padded(400)[..300], Rejection.HeadTooLarge, 431);
    }

    [Test]
    public void What_follows_a_head_does_not_count_towards_its_limit() =>
        Assert.That(
            ParsedRequest.Of(Padded(300) + new string('b', 1000), Small).Status, Is.EqualTo(ParseStatus.Complete));

    [Test]
    public void B44_One_field_too_many_is_refused()
    {
        Assert.That(ParsedRequest.Of(Wire.Request("a:\r\nb:\r\nc:"), Small).Status, Is.EqualTo(ParseStatus.Complete));
        AssertRefused(Wire.Request("a:\r\nb:\r\nc:\r\nd:"), Rejection.TooManyFields, 431);
    }

    [Test]
    public void B13_A_request_line_over_the_limit_is_refused()
    {
        string path = "/" + new string('p', 100 - "GET / HTTP/1.1\r\n".Length);
        Assert.That(
            ParsedRequest.Of(Wire.Request("", $"GET {path} HTTP/1.1"), Small).Status, Is.EqualTo(ParseStatus.Complete));
        AssertRefused(Wire.Request("", $"GET {path}p HTTP/1.1"), Rejection.TargetTooLong, 414);
        AssertRefused(("GET " + path + new string('p', 100))[..100], Rejection.TargetTooLong, 414);
    }

    [Test]
    public void B14_A_method_longer_than_any_is_refused()
    {
        Assert.That(
            ParsedRequest.Of(Wire.Request("", $"{new string('M', 64)} / HTTP/1.1")).Status,
            Is.EqualTo(ParseStatus.Complete));
        AssertRefused(Wire.Request("", $"{new string('M', 65)} / HTTP/1.1"), Rejection.MethodTooLong, 501);
        AssertRefused(new string('M', 65), Rejection.MethodTooLong, 501);
    }

    [Test]
    public void B15_A_target_of_8000_bytes_passes_by_default()
    {
        string path = "/" + new string('p', 7_999);
        Assert.That(
            ParsedRequest.Served(Wire.Request("", $"GET {path} HTTP/1.1")).Forwarded(),
            Does.StartWith($"GET {path} HTTP/1.1\r\n"));
    }

    [Test]
    public void A69_A_response_head_over_a_limit_is_refused()
    {
        string lines = "x: " + new string('v', 300);
        Assert.That(
            ParsedResponse.Of(Wire.Response(lines), limits: Small).Rejection, Is.EqualTo(Rejection.HeadTooLarge));
        string start = "HTTP/1.1 200 " + new string('r', 100);
        Assert.That(
            ParsedResponse.Of(Wire.Response("", start), limits: Small).Rejection,
            Is.EqualTo(Rejection.StatusLineTooLong));
        Assert.That(Rejection.StatusLineTooLong.StatusCode(), Is.EqualTo(502));
        Assert.That(
            ParsedResponse.Of(Wire.Response("a:\r\nb:\r\nc:\r\nd:\r\ne:"), limits: Small).Rejection,
            Is.EqualTo(Rejection.TooManyFields));
        Assert.That(
            ParsedResponse.Of(Wire.Response("a:\r\nb:\r\nc:\r\nd:"), limits: Small).Status,
            Is.EqualTo(ParseStatus.Complete));
    }

    [Test]
    public void A_trailer_section_over_the_limit_is_refused()
    {
        byte[] section = Wire.Bytes("x: " + new string('v', 292) + "\r\n\r\n");
        FieldTable trailers = new(Small);
        Assert.That(
            TrailerParser.TryParse(section, Small, trailers, out _, out Rejection rejection),
            Is.EqualTo(ParseStatus.Complete));
        Assert.That(rejection, Is.EqualTo(Rejection.None));
        section = Wire.Bytes("x: " + new string('v', 294) + "\r\n\r\n");
        Assert.That(
            TrailerParser.TryParse(section, Small, trailers, out _, out rejection), Is.EqualTo(ParseStatus.Rejected));
        Assert.That(rejection, Is.EqualTo(Rejection.HeadTooLarge));
    }

    private static string Padded(int length) =>
        Wire.Request("x: " + new string('v', length - Wire.Request("x: ").Length));

    private static void AssertRefused(string text, Rejection rejection, int status)
    {
        ParsedRequest request = ParsedRequest.Of(text, Small);
        Assert.That((request.Status, request.Rejection), Is.EqualTo((ParseStatus.Rejected, rejection)));
        Assert.That(rejection.StatusCode(), Is.EqualTo(status));
    }
}

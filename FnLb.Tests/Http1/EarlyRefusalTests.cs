using FnLb.Core.Http1;
using NUnit.Framework;

namespace FnLb.Tests.Http1;

/// <summary>
/// A head is refused with the first byte that can belong to no valid one (HTTP.md part B, row 7), not when its end
/// comes.
/// </summary>
public sealed class EarlyRefusalTests
{
    private const string Start = "GET / HTTP/1.1\r\nHost: a\r\n";

    [TestCase("", '\x16')]
    [TestCase("", '\0')]
    [TestCase("", ' ')]
    [TestCase("", '\n')]
    [TestCase("\r", 'G')]
    [TestCase("GE", '(')]
    [TestCase("GET ", ' ')]
    [TestCase("GET ", '!')]
    [TestCase("GET /a", '\n')]
    [TestCase("GET /a", '#')]
    [TestCase("GET /a", '\u00e9')]
    [TestCase("GET / ", 'h')]
    [TestCase("GET / HTTP/", 'x')]
    [TestCase("GET / HTTP/1.1", '\n')]
    [TestCase("GET / HTTP/1.1", ' ')]
    [TestCase("GET / HTTP/1.1\r", 'X')]
    [TestCase("GET / HTTP/2.0\r", '\n')]
    [TestCase("GET *x HTTP/1.1\r", '\n')]
    [TestCase(Start, ' ')]
    [TestCase(Start, ':')]
    [TestCase(Start, '\n')]
    [TestCase(Start + "Na", ' ')]
    [TestCase(Start + "Na", '\r')]
    [TestCase(Start + "Na", '@')]
    [TestCase(Start + "Na: v", '\0')]
    [TestCase(Start + "Na: v", '\n')]
    [TestCase(Start + "Na: v\r", 'v')]
    [TestCase(Start + "\r", 'x')]
    public void A_request_is_refused_with_its_first_impossible_byte(string before, char impossible)
    {
        Assert.That(ParsedRequest.Of(before).Status, Is.EqualTo(ParseStatus.Incomplete));
        Assert.That(ParsedRequest.Of(before + impossible).Status, Is.EqualTo(ParseStatus.Rejected));
    }

    [TestCase("", 'X')]
    [TestCase("", '\r')]
    [TestCase("HTTP/", '2')]
    [TestCase("HTTP/1.1", '\t')]
    [TestCase("HTTP/1.1 ", '0')]
    [TestCase("HTTP/1.1 20", ' ')]
    [TestCase("HTTP/1.1 200", '0')]
    [TestCase("HTTP/1.1 200 O", '\n')]
    [TestCase("HTTP/1.1 200 O\r", 'K')]
    [TestCase("HTTP/1.1 200\r", 'K')]
    [TestCase("HTTP/1.1 200\r\n", ' ')]
    public void A_response_is_refused_with_its_first_impossible_byte(string before, char impossible)
    {
        Assert.That(ParsedResponse.Of(before).Status, Is.EqualTo(ParseStatus.Incomplete));
        Assert.That(ParsedResponse.Of(before + impossible).Status, Is.EqualTo(ParseStatus.Rejected));
    }
}

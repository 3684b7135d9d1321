using System.Text;
using System.Text.Json;
using FnLb.Core.Http1;
using NUnit.Framework;

namespace FnLb.Tests.Http1;

/// <summary>Answers of our own: a strict head and a body in Fn's shape.</summary>
public sealed class ErrorResponseWriterTests
{
    [Test]
    public void B51_B91_A_refusal_is_written_like_this() => Assert.That(
        Written(new() { Status = 400, Message = "no", Date = "Sun, 06 Nov 1994 08:49:37 GMT"u8, Close = true }),
        Is.EqualTo(
            "HTTP/1.1 400 Bad Request\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: application/json\r\n"
            + "Content-Length: 26\r\nConnection: close\r\n\r\n{\"error\":{\"message\":\"no\"}}"));

    [Test]
    public void B124_HEAD_gets_the_head_alone()
    {
        string head = Written(new() { Status = 502, Message = "no", Date = "x"u8, Close = false, IsHead = true });
        string whole = Written(new() { Status = 502, Message = "no", Date = "x"u8, Close = false });
        Assert.That(whole, Does.StartWith(head));
        Assert.That(head, Does.EndWith("\r\n\r\n"));
    }

    [Test]
    public void B140_A_time_to_retry_and_the_allowed_methods_are_told_when_given()
    {
        string written = Written(new()
        {
            Status = 503,
            Message = "no node",
            Date = "x"u8,
            Close = false,
            ClientIsHttp10 = true,
            RetryAfterSeconds = 1,
            Allow = "GET, PUT"u8,
        });
        Assert.That(written, Does.Contain("\r\nAllow: GET, PUT\r\nRetry-After: 1\r\nConnection: keep-alive\r\n\r\n"));
    }

    [Test]
    public void Without_a_message_there_is_no_body() => Assert.That(
        Written(new() { Status = 200, Message = "", Date = "x"u8, Close = false }),
        Is.EqualTo("HTTP/1.1 200 OK\r\nDate: x\r\nContent-Length: 0\r\n\r\n"));

    [TestCase("plain")]
    [TestCase("\"quoted\" \\ back")]
    [TestCase("line\r\nbreak\0\u001f\u007f\t")]
    [TestCase("\u00e9 \u20ac \ud83d\ude00")]
    public void B141_Any_message_becomes_valid_JSON(string message)
    {
        ErrorResponse response = new() { Status = 400, Message = message, Date = "x"u8, Close = true };
        byte[] destination = new byte[ErrorResponseWriter.MaxBytes(response)];
        int length = ErrorResponseWriter.Write(response, destination);
        string text = Wire.Text(destination.AsSpan(0, length));
        ParsedResponse head = ParsedResponse.Of(text);
        Assert.That(head.Head.ContentLength, Is.EqualTo(length - head.Head.Length));
        using JsonDocument body = JsonDocument.Parse(destination.AsMemory(head.Head.Length, length - head.Head.Length));
        Assert.That(body.RootElement.GetProperty("error").GetProperty("message").GetString(), Is.EqualTo(message));
    }

    [Test]
    public void A_lone_surrogate_does_no_harm() =>
        Assert.That(Encoding.UTF8.GetString(Wire.Bytes(
            Written(new() { Status = 400, Message = "\ud83d", Date = "x"u8, Close = true }))), Does.Contain("\ufffd"));

    [Test]
    public void Every_rejection_has_a_status_and_a_text_of_its_own()
    {
        HashSet<string> texts = [];
        foreach (Rejection rejection in Enum.GetValues<Rejection>().Except([Rejection.None]))
        {
            Assert.That(rejection.StatusCode(), Is.AnyOf(400, 414, 417, 431, 501, 502, 505), rejection.ToString());
            Assert.That(ReasonPhrase.Of(rejection.StatusCode()).IsEmpty, Is.False);
            Assert.That(rejection.Message(), Does.Match("^[ -~]{20,150}[.]$"), rejection.ToString());
            Assert.That(texts.Add(rejection.Message()), rejection.ToString());
        }
    }

    private static string Written(in ErrorResponse response)
    {
        byte[] destination = new byte[ErrorResponseWriter.MaxBytes(response)];
        return Wire.Text(destination.AsSpan(0, ErrorResponseWriter.Write(response, destination)));
    }
}

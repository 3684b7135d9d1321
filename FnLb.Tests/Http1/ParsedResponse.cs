using FnLb.Core.Http1;
using NUnit.Framework;

namespace FnLb.Tests.Http1;

/// <summary>A response head, its bytes, and what came of parsing them.</summary>
internal sealed class ParsedResponse
{
    public const string Now = "Sun, 06 Nov 1994 08:49:37 GMT";

    private ParsedResponse(byte[] input, RequestMethod method, HeadLimits limits)
    {
        Input = input;
        Head = new ResponseHead(limits);
        Status = ResponseHeadParser.TryParse(input, limits, method, Head, out Rejection rejection);
        Rejection = rejection;
    }

    public byte[] Input { get; }

    public ResponseHead Head { get; }

    public ParseStatus Status { get; }

    public Rejection Rejection { get; }

    public static ParsedResponse Of(string text, RequestMethod method = RequestMethod.Get, HeadLimits? limits = null) =>
        new(Wire.Bytes(text), method, limits ?? Wire.Limits);

    /// <summary>Parses what must be relayed.</summary>
    public static ParsedResponse Served(string text, RequestMethod method = RequestMethod.Get)
    {
        ParsedResponse response = Of(text, method);
        Assert.That((response.Status, response.Rejection), Is.EqualTo((ParseStatus.Complete, Rejection.None)), text);
        Assert.That(response.Head.Length, Is.EqualTo(text.Length));
        return response;
    }

    /// <summary>
    /// Checks that a head is refused for the given reason, and that its twin, which differs in the offending bytes
    /// only, is relayed.
    /// </summary>
    public static void RefusedUnlike(string twin, string text, Rejection rejection)
    {
        ParsedResponse response = Of(text);
        Assert.That((response.Status, response.Rejection), Is.EqualTo((ParseStatus.Rejected, rejection)), text);
        Served(twin);
    }

    public string Text(Slice slice) => Wire.Text(slice.Of(Input));

    /// <summary>What the writer makes of it for the client.</summary>
    public string Relayed(BodyFraming? framing = null, bool close = false, bool clientIsHttp10 = false)
    {
        byte[] date = Wire.Bytes(Now);
        ResponseHop hop =
            new() { Framing = framing ?? Head.Framing, Close = close, ClientIsHttp10 = clientIsHttp10, Date = date };
        byte[] destination = new byte[ResponseHeadWriter.MaxBytes(Head)];
        return Wire.Text(destination.AsSpan(0, ResponseHeadWriter.Write(Input, Head, hop, destination)));
    }
}

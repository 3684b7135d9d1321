using FnLb.Core.Http1;
using NUnit.Framework;

namespace FnLb.Tests.Http1;

/// <summary>A request head, its bytes, and what came of parsing them.</summary>
internal sealed class ParsedRequest
{
    private ParsedRequest(byte[] input, HeadLimits limits)
    {
        Input = input;
        Head = new RequestHead(limits);
        Status = RequestHeadParser.TryParse(input, limits, Head, out Rejection rejection);
        Rejection = rejection;
    }

    public byte[] Input { get; }

    public RequestHead Head { get; }

    public ParseStatus Status { get; }

    public Rejection Rejection { get; }

    public IEnumerable<(string Name, string Value)> Fields =>
        Enumerable.Range(0, Head.Fields.Count)
            .Select(index => (Text(Head.Fields[index].Name), Text(Head.Fields[index].Value)));

    public static ParsedRequest Of(string text, HeadLimits? limits = null) =>
        new(Wire.Bytes(text), limits ?? Wire.Limits);

    public static ParsedRequest Of(byte[] input) => new(input, Wire.Limits);

    /// <summary>Parses what must be served.</summary>
    public static ParsedRequest Served(string text)
    {
        ParsedRequest request = Of(text);
        Assert.That((request.Status, request.Rejection), Is.EqualTo((ParseStatus.Complete, Rejection.None)), text);
        Assert.That(request.Head.Length, Is.EqualTo(text.Length));
        return request;
    }

    /// <summary>Checks that a head is refused for the given reason, and that its twin, which differs in the offending
    /// bytes only, is served.</summary>
    public static void RefusedUnlike(string twin, string text, Rejection rejection)
    {
        ParsedRequest request = Of(text);
        Assert.That((request.Status, request.Rejection), Is.EqualTo((ParseStatus.Rejected, rejection)), text);
        Served(twin);
    }

    public string Text(Slice slice) => Wire.Text(slice.Of(Input));

    /// <summary>What the writer makes of it for the node.</summary>
    public string Forwarded(string client = "10.1.2.3", string requestId = "")
    {
        byte[] clientBytes = Wire.Bytes(client);
        byte[] requestIdBytes = Wire.Bytes(requestId);
        RequestHop hop = new()
        {
            ClientAddress = clientBytes,
            RequestId = requestIdBytes,
            NodeAuthority = "node:8080"u8,
        };
        byte[] destination = new byte[RequestHeadWriter.MaxBytes(Head, hop)];
        return Wire.Text(destination.AsSpan(0, RequestHeadWriter.Write(Input, Head, hop, destination)));
    }
}

using CsCheck;
using FnLb.Core.Http1;
using NUnit.Framework;

namespace FnLb.Tests.Http1;

/// <summary>What holds for every head, good or bad.</summary>
public sealed class RequestHeadPropertyTests
{
    [Test]
    public void The_parser_and_the_grammar_agree_on_every_head() => Heads.Mutated.Sample(text =>
    {
        ParsedRequest request = ParsedRequest.Of(text);
        ReferenceRequest? reference = ReferenceRequest.Read(text);
        Assert.That(
            request.Status == ParseStatus.Complete, Is.EqualTo(reference is not null), request.Rejection.ToString());
        Assert.That(request.Rejection == Rejection.None, Is.EqualTo(request.Status != ParseStatus.Rejected));
        if (reference is null)
        {
            return;
        }

        RequestHead head = request.Head;
        Assert.That(head.Length, Is.EqualTo(reference.Length));
        Assert.That(request.Text(head.MethodText), Is.EqualTo(reference.Method));
        Assert.That(request.Text(head.PathAndQuery), Is.EqualTo(reference.PathAndQuery));
        Assert.That(request.Text(head.Path), Is.EqualTo(reference.PathAndQuery.Split('?')[0]));
        Assert.That(request.Text(head.Authority), Is.EqualTo(reference.Authority));
        Assert.That((head.IsHttp10, head.KeepAlive), Is.EqualTo((reference.IsHttp10, reference.KeepAlive)));
        Assert.That((head.Framing, head.ContentLength), Is.EqualTo((reference.Framing, reference.ContentLength)));
        Assert.That(request.Fields, Is.EqualTo(reference.Fields));
    }, iter: 20_000);

    [Test]
    public void A_head_that_comes_byte_by_byte_is_judged_once_and_for_all() => Heads.Mutated.Sample(text =>
    {
        byte[] input = Wire.Bytes(text);
        RequestHead head = new(Wire.Limits);
        (ParseStatus Status, Rejection Rejection, int Length) verdict = default;
        for (int count = 0; count <= input.Length; count++)
        {
            ParseStatus status =
                RequestHeadParser.TryParse(input.AsSpan(0, count), Wire.Limits, head, out Rejection rejection);
            int length = status == ParseStatus.Complete ? head.Length : 0;
            Assert.That(
                status != ParseStatus.Complete || length == count || verdict.Length == length,
                "Complete comes with the last byte of the head.");
            Assert.That(
                verdict.Status == ParseStatus.Incomplete || verdict == (status, rejection, length),
                $"{verdict} changed at {count}.");
            verdict = (status, rejection, length);
        }
    }, iter: 2_000);

    [Test]
    public void What_is_forwarded_is_strict_and_says_the_same() => Heads.Served.Sample(text =>
    {
        ParsedRequest request = ParsedRequest.Of(text);
        if (request.Head.MaxForwards == 0)
        {
            return;
        }

        string forwarded = request.Forwarded(requestId: "id");
        Assert.That(
            request.Forwarded().Split("\r\n"),
            Is.EqualTo(forwarded.Split("\r\n").Where(line => line != "X-Request-Id: id")),
            "The id is all that an id adds.");
        ReferenceRequest received = ReferenceRequest.Read(text)!;
        ReferenceRequest? sent = ReferenceRequest.Read(forwarded);
        Assert.That(sent, Is.Not.Null);
        Assert.That(sent!.Length, Is.EqualTo(forwarded.Length));
        Assert.That(forwarded, Does.Match(@"\A[!-~]+ [!-~]+ HTTP/1\.1\r\nHost: [!-~]+\r\n" + Wire.StrictLines + @"\z"));
        Assert.That(sent.Method, Is.EqualTo(received.Method));
        Assert.That((sent.Framing, sent.ContentLength), Is.EqualTo((received.Framing, received.ContentLength)));
        Assert.That(
            sent.ValuesOf("connection").Concat(sent.ValuesOf("keep-alive")).Concat(sent.ValuesOf("te")),
            Is.SubsetOf(["Upgrade"]));
        Assert.That(sent.ValuesOf("via").Single(), Does.EndWith("fnlb"));
        Assert.That(sent.ValuesOf("x-forwarded-for").Single(), Does.EndWith("10.1.2.3"));
        foreach (string name in (string[])["accept", "cookie", "x-a", "x-b"])
        {
            Assert.That(
                sent.ValuesOf(name), Is.EqualTo(received.Options.Contains(name) ? [] : received.ValuesOf(name)), name);
        }
    }, iter: 4_000);

    [Test]
    public void Lines_that_can_be_copied_as_they_came_are_forwarded_like_those_that_cannot() => Heads.Served.Sample(
        text =>
        {
            ParsedRequest request = ParsedRequest.Of(text);
            ParsedRequest twin = ParsedRequest.Of(Wire.Twin(text[..request.Head.Length]));
            Assert.That(twin.Head.VerbatimLine.IsEmpty);
            Assert.That(twin.Head.Fields.Span.ToArray().Any(field => field.IsVerbatim), Is.False);
            if (request.Head.MaxForwards != 0)
            {
                Assert.That(request.Forwarded(requestId: "id"), Is.EqualTo(twin.Forwarded(requestId: "id")));
                Assert.That(request.Forwarded(), Is.EqualTo(twin.Forwarded()));
            }
        }, iter: 4_000);

    [Test]
    public void No_bytes_whatever_make_a_parser_throw() => Gen.Byte.Array[0, 64].Sample(input =>
    {
        RequestHeadParser.TryParse(input, Wire.Limits, new RequestHead(Wire.Limits), out _);
        ResponseHeadParser.TryParse(input, Wire.Limits, RequestMethod.Get, new ResponseHead(Wire.Limits), out _);
        TrailerParser.TryParse(input, Wire.Limits, new FieldTable(Wire.Limits), out _, out _);
        default(ChunkReader).Next(input, out _, out _, out _);
    }, iter: 20_000);

    [Test]
    public void Parsing_and_writing_allocate_nothing()
    {
        byte[] input =
            Wire.Bytes(Wire.Request("Connection: x-a, close\r\nX-A: b\r\nVia: 1.1 a\r\nContent-Length: 5\r\nX: y"));
        byte[] response =
            Wire.Bytes(Wire.Response("Connection: x-a\r\nX-A: b\r\nContent-Length: 5\r\nXXX-FXLB-WAIT: 1s"));
        byte[] destination = new byte[4096];
        RequestHead head = new(Wire.Limits);
        ResponseHead responseHead = new(Wire.Limits);
        long before = 0;
        for (int round = 0; round < 200; round++)
        {
            before = round == 100 ? GC.GetAllocatedBytesForCurrentThread() : before;
            RequestHeadParser.TryParse(input, Wire.Limits, head, out _);
            RequestHeadWriter.Write(
                input, head, new RequestHop { ClientAddress = "1.2.3.4"u8 }, destination);
            ResponseHeadParser.TryParse(response, Wire.Limits, RequestMethod.Get, responseHead, out _);
            ResponseHop hop =
                new() { Framing = BodyFraming.Length, Close = false, ClientIsHttp10 = false, Date = "x"u8 };
            ResponseHeadWriter.Write(response, responseHead, hop, destination);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}

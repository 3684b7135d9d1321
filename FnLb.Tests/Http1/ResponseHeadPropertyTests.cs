using CsCheck;
using FnLb.Core.Http1;
using NUnit.Framework;

namespace FnLb.Tests.Http1;

/// <summary>What holds for every response head, good or bad.</summary>
public sealed class ResponseHeadPropertyTests
{
    private static readonly Gen<RequestMethod> Method =
        Gen.OneOfConst(RequestMethod.Get, RequestMethod.Head, RequestMethod.Post);

    /// <summary>The field lines of request heads under a status line.</summary>
    private static readonly Gen<string> Plausible = Gen.Select(
        Gen.OneOfConst("HTTP/1.1", "HTTP/1.0", "HTTP/1.2"),
        Gen.OneOfConst("200 OK", "200", "204 ", "304 x", "101 S", "103 \u00ff", "205 x", "503 B", "799", "20", "2000"),
        Heads.Mutated,
        (version, status, head) =>
            $"{version} {status}\r\n{(head.Split("Host: h\r\n") is [_, string rest] ? rest : "X: y\r\n\r\n")}");

    private static readonly Gen<(string, RequestMethod)> Answer = Gen.Select(Plausible, Method);

    private static readonly Gen<(string, RequestMethod, bool, bool)> Relay =
        Gen.Select(Plausible, Method, Gen.Bool, Gen.Bool);

    [Test]
    public void A_head_that_comes_byte_by_byte_is_judged_once_and_for_all() => Answer.Sample((text, method) =>
    {
        byte[] input = Wire.Bytes(text);
        ResponseHead head = new(Wire.Limits);
        (ParseStatus Status, Rejection Rejection, int Length) verdict = default;
        for (int count = 0; count <= input.Length; count++)
        {
            ParseStatus status =
                ResponseHeadParser.TryParse(input.AsSpan(0, count), Wire.Limits, method, head, out Rejection rejection);
            int length = status == ParseStatus.Complete ? head.Length : 0;
            Assert.That(
                verdict.Status == ParseStatus.Incomplete || verdict == (status, rejection, length),
                $"{verdict} changed at {count}.");
            verdict = (status, rejection, length);
        }
    }, iter: 2_000);

    [Test]
    public void Lines_that_can_be_copied_as_they_came_are_relayed_like_those_that_cannot() => Relay.Sample(
        (text, method, close, isHttp10) =>
        {
            ParsedResponse response = ParsedResponse.Of(text, method);
            if (response.Status == ParseStatus.Complete)
            {
                ParsedResponse twin = ParsedResponse.Of(Wire.Twin(text[..response.Head.Length]), method);
                BodyFraming framing = response.Head.Framing == BodyFraming.Chunked && isHttp10
                    ? BodyFraming.UntilClose
                    : response.Head.Framing;
                bool closes = close || framing == BodyFraming.UntilClose;
                Assert.That(twin.Head.VerbatimLine.IsEmpty);
                Assert.That(
                    response.Relayed(framing, closes, isHttp10), Is.EqualTo(twin.Relayed(framing, closes, isHttp10)));
            }
        }, iter: 4_000);

    [Test]
    public void What_is_relayed_is_strict_and_frames_as_chosen() => Relay.Sample((text, method, close, isHttp10) =>
    {
        ParsedResponse response = ParsedResponse.Of(text, method);
        if (response.Status != ParseStatus.Complete)
        {
            return;
        }

        BodyFraming received = response.Head.Framing;
        BodyFraming framing = received == BodyFraming.Chunked && isHttp10 ? BodyFraming.UntilClose : received;
        bool closes = close || framing == BodyFraming.UntilClose;
        string relayed = response.Relayed(framing, closes, isHttp10);
        Assert.That(relayed, Does.Match(@"\AHTTP/1\.1 [1-9][0-9]{2} [\t -~\x80-\xff]*\r\n" + Wire.StrictLines + @"\z"));
        Assert.That(relayed, Does.Not.Contain("\nKeep-Alive:").IgnoreCase);
        Assert.That(relayed, Does.Not.Contain("\nXXX-FXLB-WAIT:").IgnoreCase);

        ParsedResponse sent = ParsedResponse.Served(relayed, method);
        Assert.That((sent.Head.Status, sent.Head.Framing), Is.EqualTo((response.Head.Status, framing)));
        bool isFinal = sent.Head.Status >= 200;
        bool saysClose = relayed.Contains("\r\nConnection: close\r\n", StringComparison.Ordinal);
        Assert.That(saysClose, Is.EqualTo(isFinal && closes));
        Assert.That(sent.Head.HasDate || !isFinal);
        Assert.That(
            isFinal && sent.Head.Status != 204 ? sent.Head.ContentLength : -1, Is.EqualTo(sent.Head.ContentLength));
    }, iter: 10_000);
}

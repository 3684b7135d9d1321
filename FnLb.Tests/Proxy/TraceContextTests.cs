using FnLb.Core.Http1;
using FnLb.Core.Proxy;
using NUnit.Framework;

namespace FnLb.Tests.Proxy;

public sealed class TraceContextTests
{
    private const string High = "4bf92f3577b34da6";
    private const string Low = "a3ce929d0e0e4736";
    private const string Span = "00f067aa0ba902b7";

    [TestCase($"traceparent: 00-{High}{Low}-{Span}-01", true)]
    [TestCase($"traceparent: 00-{High}{Low}-{Span}-00", false)]
    [TestCase($"traceparent: cc-{High}{Low}-{Span}-01-more", true)]
    [TestCase($"b3: {High}{Low}-{Span}-1", true)]
    [TestCase($"b3: {High}{Low}-{Span}-d-{Span}", true)]
    [TestCase($"B3: {High}{Low}-{Span}-0", false)]
    [TestCase($"b3: {High}{Low}-{Span}", null)]
    [TestCase($"X-B3-TraceId: {High}{Low}\r\nx-b3-spanid: {Span}\r\nX-B3-Sampled: 1\r\nX-B3-ParentSpanId: x", true)]
    [TestCase($"X-B3-TraceId: {High}{Low}\r\nX-B3-SpanId: {Span}\r\nX-B3-Flags: 1", true)]
    [TestCase($"X-B3-TraceId: {High}{Low}\r\nX-B3-SpanId: {Span}\r\nX-B3-Sampled: false", false)]
    public void A_context_is_read_in_every_form(string fields, bool? isSampled)
    {
        TraceContext context = Read(fields);

        Assert.That(context.HasTrace);
        Assert.That((context.TraceHigh, context.TraceLow), Is.EqualTo((Hex(High), Hex(Low))));
        Assert.That((context.SpanId, context.IsSampled), Is.EqualTo((Hex(Span), isSampled)));
    }

    [Test]
    public void A_trace_id_of_64_bits_stays_one()
    {
        Assert.That(Read($"b3: {Low}-{Span}-1"), Has.Property(nameof(TraceContext.TraceHigh)).EqualTo(0)
            .And.Property(nameof(TraceContext.TraceLow)).EqualTo(Hex(Low)));
    }

    [TestCase("b3: 0", false)]
    [TestCase("b3: 1", true)]
    [TestCase("X-B3-Sampled: 0", false)]
    [TestCase("X-B3-Sampled: maybe", null)]
    [TestCase($"traceparent: 00-{High}{Low}-{Span}", null)]
    [TestCase($"traceparent: ff-{High}{Low}-{Span}-01", null)]
    [TestCase($"traceparent: 00-{High}{Low}-{Span}-01-more", null)]
    [TestCase($"traceparent: 00-00000000000000000000000000000000-{Span}-01", null)]
    [TestCase($"traceparent: 00-{High}{Low}-0000000000000000-01", null)]
    [TestCase($"traceparent: 00-{High}zz{Low}-{Span}-01", null)]
    [TestCase($"traceparent: 00-4BF92F3577B34DA6{Low}-{Span}-01", null)]
    [TestCase($"traceparent: 00-{High}{Low}-{Span}-0A", null)]
    [TestCase($"b3: {High}{Low}-{Low}{Low}", null)]
    [TestCase($"b3: {High}", null)]
    [TestCase($"X-B3-TraceId: {High}{Low}", null)]
    [TestCase("Accept: */*", null)]
    public void What_is_malformed_or_not_there_is_no_trace(string fields, bool? isSampled)
    {
        TraceContext context = Read(fields);

        Assert.That(context.IsSampled, Is.EqualTo(isSampled));
        Assert.That(context.HasTrace, Is.False);
    }

    [TestCase("b3: d", true)]
    [TestCase($"b3: {High}{Low}-{Span}-d-{Span}", true)]
    [TestCase($"X-B3-TraceId: {High}{Low}\r\nX-B3-SpanId: {Span}\r\nX-B3-Flags: 1", true)]
    [TestCase($"X-B3-TraceId: {High}{Low}\r\nX-B3-SpanId: {Span}\r\nX-B3-Flags: 0\r\nX-B3-Sampled: 1", false)]
    [TestCase("b3: 1", false)]
    public void The_debug_flag_is_more_than_a_decision(string fields, bool isDebug) => Assert.That(
        Read(fields), Has.Property(nameof(TraceContext.IsDebug)).EqualTo(isDebug)
            .And.Property(nameof(TraceContext.IsSampled)).EqualTo(true));

    [Test]
    public void Of_both_kinds_W3C_counts()
    {
        TraceContext context = Read($"b3: {Low}-{Span}-0\r\ntraceparent: 00-{High}{Low}-{Span}-01");

        Assert.That((context.TraceHigh, context.IsSampled), Is.EqualTo((Hex(High), (bool?)true)));
    }

    private static ulong Hex(string digits) => Convert.ToUInt64(digits, 16);

    private static TraceContext Read(string fields)
    {
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: a\r\n{fields}\r\n\r\n");
        HeadLimits limits = new();
        RequestHead head = new(limits);
        ParseStatus status = RequestHeadParser.TryParse(bytes, limits, head, out _);
        Assert.That(status, Is.EqualTo(ParseStatus.Complete));
        return TraceContext.Of(head, bytes);
    }
}

using System.Text;
using FnLb.Core.Http1;
using NUnit.Framework;

namespace FnLb.Tests.Http1;

/// <summary>Names are known whatever their case, and no other name is taken for one of them.</summary>
public sealed class KnownNameTests
{
    [TestCase("te", FieldKind.Te)]
    [TestCase("b3", FieldKind.TraceContext)]
    [TestCase("via", FieldKind.Via)]
    [TestCase("host", FieldKind.Host)]
    [TestCase("date", FieldKind.Date)]
    [TestCase("expect", FieldKind.Expect)]
    [TestCase("trailer", FieldKind.Trailer)]
    [TestCase("upgrade", FieldKind.Upgrade)]
    [TestCase("connection", FieldKind.Connection)]
    [TestCase("keep-alive", FieldKind.KeepAlive)]
    [TestCase("x-b3-flags", FieldKind.TraceContext)]
    [TestCase("tracestate", FieldKind.TraceContext)]
    [TestCase("retry-after", FieldKind.RetryAfter)]
    [TestCase("traceparent", FieldKind.TraceContext)]
    [TestCase("x-b3-spanid", FieldKind.TraceContext)]
    [TestCase("max-forwards", FieldKind.MaxForwards)]
    [TestCase("x-request-id", FieldKind.XRequestId)]
    [TestCase("x-b3-traceid", FieldKind.TraceContext)]
    [TestCase("x-b3-sampled", FieldKind.TraceContext)]
    [TestCase("xxx-fxlb-wait", FieldKind.FxlbWait)]
    [TestCase("content-length", FieldKind.ContentLength)]
    [TestCase("x-forwarded-for", FieldKind.XForwardedFor)]
    [TestCase("x-forwarded-host", FieldKind.XForwardedHost)]
    [TestCase("proxy-connection", FieldKind.ProxyConnection)]
    [TestCase("transfer-encoding", FieldKind.TransferEncoding)]
    [TestCase("x-forwarded-proto", FieldKind.XForwardedProto)]
    [TestCase("x-b3-parentspanid", FieldKind.TraceContext)]
    [TestCase("proxy-authenticate", FieldKind.ProxyAuthenticate)]
    [TestCase("proxy-authorization", FieldKind.ProxyAuthorization)]
    public void A_name_is_known_in_any_case_and_only_by_all_its_letters(string name, object kind)
    {
        Assert.That(Classify(name), Is.EqualTo(kind));
        Assert.That(Classify(name.ToUpperInvariant()), Is.EqualTo(kind));
        for (int index = 0; index < name.Length; index++)
        {
            for (char other = '!'; other <= '~'; other++)
            {
                bool isSame = char.ToLowerInvariant(other) == name[index];
                string text = $"{name[..index]}{other}{name[(index + 1)..]}";
                Assert.That(isSame || !Equals(Classify(text), kind), text);
            }
        }
    }

    private static FieldKind Classify(string name) => FieldNames.Classify(Encoding.ASCII.GetBytes(name));
}

using FnLb.Core.Http1;
using FnLb.Core.Proxy;
using FnLb.Core.Routing;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Proxy;

[TestFixture]
internal sealed class AnswerPlanTests
{
    [TestCase("Content-Length: 3", false, BodyFraming.Length, false, true)]
    [TestCase("Content-Length: 3", true, BodyFraming.Length, false, true)]
    [TestCase("Transfer-Encoding: chunked", false, BodyFraming.Chunked, false, true)]
    [TestCase("Transfer-Encoding: chunked", true, BodyFraming.UntilClose, true, true)]
    [TestCase("X: no framing", false, BodyFraming.Chunked, false, false)]
    [TestCase("X: no framing", true, BodyFraming.UntilClose, true, false)]
    public void Each_framing_of_a_node_has_one_for_the_client(
        string field, bool isHttp10, BodyFraming framing, bool closesClient, bool keepsNode)
    {
        AnswerPlan plan = AnswerPlan.For(
            Head(field), Requests.Get with { IsHttp10 = isHttp10 }, isRequestDone: true, isDraining: false);
        Assert.That(plan, Is.EqualTo(new AnswerPlan(framing, closesClient, keepsNode)));
    }

    [Test]
    public void An_answer_that_comes_before_the_request_has_ended_closes_the_connection()
    {
        AnswerPlan plan = AnswerPlan.For(
            Head("Content-Length: 3"), Requests.Get, isRequestDone: false, isDraining: false);
        Assert.That(plan.ClosesClient);
    }

    [Test]
    public void While_draining_every_answer_closes_its_connection()
    {
        AnswerPlan plan = AnswerPlan.For(
            Head("Content-Length: 3"), Requests.Get, isRequestDone: true, isDraining: true);
        Assert.That(plan.ClosesClient);
    }

    private static ResponseHead Head(string field)
    {
        HeadLimits limits = new();
        ResponseHead head = new(limits);
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{field}\r\n\r\n");
        ParseStatus status = ResponseHeadParser.TryParse(bytes, limits, RequestMethod.Get, head, out _);
        Assert.That(status, Is.EqualTo(ParseStatus.Complete));
        return head;
    }
}

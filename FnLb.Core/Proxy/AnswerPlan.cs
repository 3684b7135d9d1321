using FnLb.Core.Http1;

namespace FnLb.Core.Proxy;

/// <summary>How an answer goes on to its client, and what becomes of the two connections.</summary>
/// <param name="Framing">How the client will find the end of the body.</param>
/// <param name="ClosesClient">The client's connection ends with this answer.</param>
/// <param name="KeepsNode">The node connection may be used again once the answer was read to its end.</param>
internal readonly record struct AnswerPlan(BodyFraming Framing, bool ClosesClient, bool KeepsNode)
{
    /// <param name="isRequestDone">
    /// The whole request is on its way to the node. If it is not, what is left of it cannot be told from the next
    /// request.
    /// </param>
    public static AnswerPlan For(ResponseHead head, in RequestFacts request, bool isRequestDone, bool isDraining)
    {
        BodyFraming framing = head.Framing switch
        {
            BodyFraming.Chunked or BodyFraming.UntilClose =>
                request.IsHttp10 ? BodyFraming.UntilClose : BodyFraming.Chunked,
            _ => head.Framing,
        };

        // After an offer that was not taken, what follows may be meant for the protocol that was offered (RFC 9931).
        bool closes = !request.KeepAlive || request.OffersUpgrade || !isRequestDone || isDraining
            || framing == BodyFraming.UntilClose;
        return new AnswerPlan(framing, closes, head.KeepAlive && head.Framing != BodyFraming.UntilClose);
    }
}

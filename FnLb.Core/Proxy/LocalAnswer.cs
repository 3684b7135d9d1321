using FnLb.Core.Http1;

namespace FnLb.Core.Proxy;

/// <summary>Well-formed requests that are answered here and go to no node.</summary>
internal static class LocalAnswer
{
    /// <returns>Null for a request that is to be placed.</returns>
    public static FaultDecision? For(RequestHead head, ProxyOptions options)
    {
        if (head.OwnViaCount >= options.HopsMax)
        {
            return Answer(508, "the request came through this load balancer before: a node's address leads back to it");
        }

        if (options.BodyBytesMax > 0 && head.ContentLength > options.BodyBytesMax)
        {
            return Answer(413, "the body is larger than this load balancer was set to accept");
        }

        // RFC 9110 section 7.6.2: the last recipient that Max-Forwards allows answers for itself.
        return head.MaxForwards != 0 ? null
            : head.Method == RequestMethod.Options ? Answer(200, string.Empty)
            : Answer(405, "TRACE is not answered by this load balancer");
    }

    private static FaultDecision Answer(int status, string message) => new(FaultAction.Answer, status, message);
}

using FnLb.Core.Http1;
using FnLb.Core.Transport;

namespace FnLb.Core.Proxy;

/// <summary>Writes an answer in the balancer's own words.</summary>
internal static class OwnAnswer
{
    /// <summary>Stages it; the caller flushes.</summary>
    /// <param name="method">Of the request; one to HEAD has no body.</param>
    public static void Stage(
        ProxyLoop proxy, in FaultDecision decision, RequestMethod method, bool isHttp10, AfterAnswer after)
    {
        ErrorResponse response = new()
        {
            Status = decision.Status,
            Message = decision.Message,
            Date = proxy.Date.TextAt(proxy.Loop.NowMilliseconds),
            Close = after != AfterAnswer.KeepAlive,
            IsHead = method == RequestMethod.Head,
            ClientIsHttp10 = isHttp10,
            RetryAfterSeconds = decision.RetryAfterSeconds,
            Allow = decision.Status == 405 ? "OPTIONS, GET, HEAD, POST, PUT, PATCH, DELETE"u8 : default,
        };
        StagingBuffer staging = proxy.Loop.Staging;
        staging.Advance(ErrorResponseWriter.Write(response, staging.Free));
    }
}

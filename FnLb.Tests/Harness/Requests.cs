using FnLb.Core.Http1;
using FnLb.Core.Proxy;
using FnLb.Core.Routing;

namespace FnLb.Tests.Harness;

/// <summary>Requests as a loop knows them, to be changed by <c>with</c>.</summary>
internal static class Requests
{
    /// <summary>The plainest there is.</summary>
    public static RequestFacts Get { get; } = new()
    {
        Route = new RouteKey(1),
        HeadBytes = 10,
        Method = RequestMethod.Get,
        Framing = BodyFraming.None,
        ContentLength = 0,
        NominatedNames = default,
        KeepAlive = true,
        IsHttp10 = false,
        OffersUpgrade = false,
        IsForAdmin = false,
    };
}

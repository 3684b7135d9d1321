using System.Globalization;
using System.Text;
using FnLb.Core.Nodes;
using FnLb.Core.Routing;
using FnLb.Host.Stores;
using Microsoft.AspNetCore.WebUtilities;

namespace FnLb.Host.Admin;

/// <summary>What an operator is told of the placement of calls.</summary>
/// <param name="names">The names of functions by what their routes hash to, as far as they are known.</param>
internal sealed class RouteView(Router router, ClusterView cluster, Func<IReadOnlyDictionary<ulong, string>> names)
{
    private const int MovedMax = 100;

    /// <summary>The path that a query asks for.</summary>
    /// <remarks>
    /// Calls are told apart by their paths as they are written, so a path that is written out in the query is not
    /// decoded. One whose slash is encoded has been through an encoder, and is decoded once.
    /// </remarks>
    /// <returns>Empty when the query names none.</returns>
    public static string PathIn(QueryString query)
    {
        foreach (QueryStringEnumerable.EncodedNameValuePair pair in new QueryStringEnumerable(query.Value))
        {
            if (pair.EncodedName.Span.Equals("path", StringComparison.OrdinalIgnoreCase))
            {
                bool isWritten = pair.EncodedValue.Span.StartsWith('/');
                return (isWritten ? pair.EncodedValue : pair.DecodeValue()).ToString();
            }
        }

        return "";
    }

    /// <param name="path">As a call would have it, nothing of it decoded; a query is left out.</param>
    /// <param name="header">Value of the header that <c>-route-key header:NAME</c> names; empty for none.</param>
    public RouteAnswer Explain(string path, string header)
    {
        string plain = path.Split('?')[0];
        return Explain(router.KeyRule.Of(Encoding.UTF8.GetBytes(plain), Encoding.UTF8.GetBytes(header)), plain);
    }

    /// <param name="path">Null when the route is all that is known.</param>
    public RouteAnswer Explain(RouteKey route, string? path)
    {
        RouteExplanation explanation = router.Explain(route, Environment.TickCount64);
        Placement placement = explanation.Placement;
        return new RouteAnswer
        {
            Path = path,
            Route = Text(route),
            Known = explanation.IsKnown,
            Node = placement.Node?.Address.Text,
            Reason = placement.Reason.ToString().ToLowerInvariant(),
            Why = placement.Explain(),
            ColdMilliseconds = explanation.ColdMilliseconds,
            MeanCalls = explanation.MeanCalls,
            Nodes = [.. explanation.Nodes.Select(Describe)],
        };
    }

    /// <summary>How routes are named here: the route key in hexadecimal.</summary>
    public static string Text(RouteKey route) => route.Hash.ToString("x16", CultureInfo.InvariantCulture);

    /// <returns>False when the text is not what <see cref="Text"/> makes.</returns>
    public static bool TryParse(string text, out RouteKey route)
    {
        const NumberStyles style = NumberStyles.AllowHexSpecifier;
        bool isHash = ulong.TryParse(text, style, CultureInfo.InvariantCulture, out ulong hash);
        route = new RouteKey(hash);
        return isHash && text.Length == 16;
    }

    /// <returns>Null when there is no such node.</returns>
    public RemovalAnswer? WhatIfRemoved(NodeAddress address)
    {
        if (cluster.Nodes.FirstOrDefault(node => node.Address == address) is not Node node)
        {
            return null;
        }

        IReadOnlyDictionary<ulong, string> known = names();
        RemovalForecast forecast = router.WhatIfRemoved(node, Environment.TickCount64);
        return new RemovalAnswer
        {
            Node = node.Address.Text,
            FunctionsKnown = forecast.FunctionsKnown,
            FunctionsMoved = forecast.Moved.Count,
            TrafficShare = forecast.TrafficShare,
            ColdStarts = forecast.ColdStarts,
            Moved = [.. forecast.Moved.Take(MovedMax).Select(moved => new MovedRouteAnswer(
                Text(moved.Route),
                known.GetValueOrDefault(moved.Route.Hash),
                moved.TrafficShare,
                moved.ColdStarts,
                moved.Next?.Address.Text))],
        };
    }

    private RankedNodeAnswer Describe(RankedNode ranked) => new()
    {
        Node = ranked.Node.Address.Text,
        Rank = ranked.Rank,
        Taken = ranked.IsChosen,
        State = ClusterView.Word(ranked.Node.Operational),
        Administrative = NodeRow.Word(ranked.Node.Administrative),
        Why = cluster.Why(ranked.Node),
        RankWeight = ranked.Weight,
        WarmContainers = ranked.WarmContainers,
        FunctionCalls = ranked.FunctionCalls,
        InFlight = ranked.NodeCalls,
        Limit = ranked.SendsWait ? ranked.Limit : null,
        PassedOverMilliseconds = ranked.PenaltyMilliseconds,
    };
}

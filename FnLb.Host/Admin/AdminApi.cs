using FnLb.Core.Nodes;
using FnLb.Core.Routing;
using FnLb.Host.Dashboard;

namespace FnLb.Host.Admin;

/// <summary>Everything the admin listener answers, by path.</summary>
internal sealed class AdminApi(
    NodesApi nodes, RouteView routes, WatchApi watch, DashboardPage dashboard, Readiness readiness, ILogger logger)
{
    /// <summary>Answers one request; never throws except when the request was aborted or the process ends.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            await RouteAsync(context);
        }
        catch (NodeStoreException e)
        {
            // The original says 500 to both; a store that is away comes back, so that it is worth trying again.
            int status = e.IsRefusal
                ? StatusCodes.Status500InternalServerError
                : StatusCodes.Status503ServiceUnavailable;
            if (!e.IsRefusal)
            {
                context.Response.Headers.RetryAfter = "1";
            }

            AdminLog.StoreFailed(logger, context.Request.Method, status, e.Message);
            await AdminAnswer.SayAsync(context, status, e.Message);
        }
        catch (BadHttpRequestException e)
        {
            await AdminAnswer.RefuseBodyAsync(context, e);
        }
    }

    private Task RouteAsync(HttpContext context) => (context.Request.Path.Value, context.Request.Method) switch
    {
        ("/1/lb/nodes", _) => nodes.HandleAsync(context),
        ("/1/lb/route", "GET") => ExplainAsync(context),
        ("/1/lb/route", _) => AdminAnswer.RefuseMethodAsync(context, "GET"),
        ("/livez", "GET" or "HEAD") => AdminAnswer.SayAsync(context, StatusCodes.Status200OK, "running"),
        ("/readyz", "GET" or "HEAD") => SayReadinessAsync(context),
        ("/livez" or "/readyz", _) => AdminAnswer.RefuseMethodAsync(context, "GET, HEAD"),
        (var path, _) when DashboardPage.Handles(path) => dashboard.HandleAsync(context),
        (var path, _) when WatchApi.Handles(path) => watch.HandleAsync(context),
        _ => AdminAnswer.SayAsync(context, StatusCodes.Status404NotFound, "unknown command"),
    };

    private Task ExplainAsync(HttpContext context)
    {
        string named = context.Request.Query["route"].ToString();
        if (named.Length > 0)
        {
            return RouteView.TryParse(named, out RouteKey route)
                ? AdminAnswer.SendAsync(
                    context, StatusCodes.Status200OK, routes.Explain(route, path: null), AdminJson.Bodies.RouteAnswer)
                : AdminAnswer.RefuseAsync(context, "route is 16 hexadecimal digits, as answers have it");
        }

        string path = RouteView.PathIn(context.Request.QueryString);
        return path.StartsWith('/')
            ? AdminAnswer.SendAsync(
                context, StatusCodes.Status200OK, routes.Explain(path, context.Request.Query["header"].ToString()),
                AdminJson.Bodies.RouteAnswer)
            : AdminAnswer.RefuseAsync(context, "give the path of a call, such as /1/lb/route?path=/r/app/f");
    }

    private Task SayReadinessAsync(HttpContext context) => readiness.WhyNot() is string whyNot
        ? AdminAnswer.SayAsync(context, StatusCodes.Status503ServiceUnavailable, whyNot)
        : AdminAnswer.SendAsync(
            context, StatusCodes.Status200OK, readiness.Ready(), AdminJson.Bodies.ReadinessAnswer);
}

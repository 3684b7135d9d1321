using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FnLb.Core.Nodes;
using FnLb.Host.Stores;

namespace FnLb.Host.Admin;

/// <summary>The node API of the original, its bodies byte for byte, and the probes of orchestrators.</summary>
internal sealed class AdminApi(Membership membership, NodeDirectory directory, Readiness readiness, ILogger logger)
{
    /// <summary>Answers one request; never throws except when the request was aborted.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            await RouteAsync(context);
        }
        catch (NodeStoreException e)
        {
            AdminLog.StoreFailed(logger, context.Request.Method, e.Message);
            await SayAsync(context, StatusCodes.Status500InternalServerError, e.Message);
        }
        catch (BadHttpRequestException e)
        {
            string reason = e.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? $"the body is longer than {AdminServer.BodyBytesMax / 1024} KB"
                : e.Message;
            await SayAsync(context, e.StatusCode, reason);
        }
    }

    private Task RouteAsync(HttpContext context) => (context.Request.Path.Value, context.Request.Method) switch
    {
        ("/1/lb/nodes", "GET") => ListAsync(context),
        ("/1/lb/nodes", "PUT") => AddAsync(context),
        ("/1/lb/nodes", "DELETE") => RemoveAsync(context),
        ("/1/lb/nodes", _) => RefuseMethodAsync(context, "GET, PUT, DELETE"),
        ("/livez", "GET" or "HEAD") => SayAsync(context, StatusCodes.Status200OK, "running"),
        ("/readyz", "GET" or "HEAD") => SayReadinessAsync(context),
        ("/livez" or "/readyz", _) => RefuseMethodAsync(context, "GET, HEAD"),
        _ => SayAsync(context, StatusCodes.Status404NotFound, "unknown command"),
    };

    private Task ListAsync(HttpContext context)
    {
        SortedDictionary<string, string> nodes = new(StringComparer.Ordinal);
        foreach (Node node in directory.Nodes)
        {
            nodes[node.Address.Text] = node.Operational == OperationalState.Online ? "online" : "offline";
        }

        return AnswerAsync(
            context, StatusCodes.Status200OK, new NodesAnswer(nodes), AdminJson.Bodies.NodesAnswer);
    }

    private async Task AddAsync(HttpContext context)
    {
        if (await ReadNodeAsync(context) is not string node)
        {
            return;
        }

        if (!NodeAddress.TryParse(node, out NodeAddress address, out string? error))
        {
            await SayAsync(context, StatusCodes.Status400BadRequest, error);
            return;
        }

        await membership.AddAsync(address, context.RequestAborted);
        await SayAsync(context, StatusCodes.Status200OK, "node added");
    }

    private async Task RemoveAsync(HttpContext context)
    {
        if (await ReadNodeAsync(context) is not string node)
        {
            return;
        }

        // A bad row of the store can be removed; text that is neither a node nor a row is the caller's mistake.
        bool wasThere = await membership.RemoveAsync(node, context.RequestAborted);
        if (!wasThere && !NodeAddress.TryParse(node, out _, out string? error))
        {
            await SayAsync(context, StatusCodes.Status400BadRequest, error);
            return;
        }

        await SayAsync(context, StatusCodes.Status200OK, "node deleted");
    }

    /// <returns>The node of the body, empty if it names none; null after a 400 for a body that is no JSON.</returns>
    private static async Task<string?> ReadNodeAsync(HttpContext context)
    {
        try
        {
            NodeRequest? request = await JsonSerializer.DeserializeAsync(
                context.Request.Body, AdminJson.Bodies.NodeRequest, context.RequestAborted);
            return request?.Node ?? "";
        }
        catch (JsonException)
        {
            await SayAsync(
                context, StatusCodes.Status400BadRequest, "the body is not JSON of the form {\"node\":\"host:port\"}");
            return null;
        }
    }

    private Task SayReadinessAsync(HttpContext context)
    {
        string? whyNot = readiness.WhyNot();
        int status = whyNot is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return SayAsync(context, status, whyNot ?? "ready");
    }

    private static Task RefuseMethodAsync(HttpContext context, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        return SayAsync(
            context, StatusCodes.Status405MethodNotAllowed, $"{context.Request.Path} takes only {allowed}");
    }

    private static Task SayAsync(HttpContext context, int status, string message) =>
        AnswerAsync(context, status, new MessageAnswer(message), AdminJson.Bodies.MessageAnswer);

    private static async Task AnswerAsync<T>(HttpContext context, int status, T answer, JsonTypeInfo<T> type)
    {
        // Go's encoder ends each document with a line feed.
        byte[] body = [.. JsonSerializer.SerializeToUtf8Bytes(answer, type), (byte)'\n'];
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}

using FnLb.Core.Nodes;
using FnLb.Host.CommandLine;
using FnLb.Host.Stores;

namespace FnLb.Host.Admin;

/// <summary>The node list and its changes: those of the original, byte for byte, and what came later.</summary>
internal sealed class NodesApi(Membership membership, ClusterView view, RouteView routes, DrainedRemoval removal)
{
    private const string Methods = "GET, PUT, DELETE";

    public Task HandleAsync(HttpContext context) => context.Request.Method switch
    {
        "GET" => ListAsync(context),
        "PUT" => PutAsync(context),
        "DELETE" => RemoveAsync(context),
        _ => AdminAnswer.RefuseMethodAsync(context, Methods),
    };

    // The original looks at no query, so a parameter that is not known here is none of our business.
    private Task ListAsync(HttpContext context) => context.Request.Query["verbose"].ToString() switch
    {
        "true" or "1" => AdminAnswer.SendAsync(
            context, StatusCodes.Status200OK, view.Detailed(), AdminJson.Bodies.NodeDetailsAnswer),
        "" or "false" or "0" => AdminAnswer.SendAsync(
            context, StatusCodes.Status200OK, view.Brief(), AdminJson.Bodies.NodesAnswer),
        _ => AdminAnswer.RefuseAsync(context, "verbose must be true or false"),
    };

    private async Task PutAsync(HttpContext context)
    {
        if (await ReadAsync(context) is not NodeRequest request)
        {
            return;
        }

        if (!NodeAddress.TryParse(request.Node, out NodeAddress address, out string? error))
        {
            await AdminAnswer.RefuseAsync(context, error);
            return;
        }

        if (request.Change.IsEmpty)
        {
            await membership.AddAsync(address, context.RequestAborted);
            await AdminAnswer.SayAsync(context, StatusCodes.Status200OK, "node added");
            return;
        }

        bool wasThere = await membership.ChangeAsync(address, request.Change, context.RequestAborted);
        await AdminAnswer.SayAsync(context, StatusCodes.Status200OK, wasThere ? "node changed" : "node added");
    }

    private async Task RemoveAsync(HttpContext context)
    {
        if (await ReadAsync(context) is not NodeRequest request)
        {
            return;
        }

        // Here a parameter that is misspelled must not pass: the node would go at once.
        string? unknown = context.Request.Query.Keys.FirstOrDefault(key => key is not ("drain" or "dry-run"));
        string text = context.Request.Query["drain"].ToString();
        TimeSpan drain = TimeSpan.Zero;
        if (unknown is not null || (text.Length > 0 && !DurationText.TryParse(text, out drain)))
        {
            await AdminAnswer.RefuseAsync(context, unknown is null
                ? $"drain \"{Shown.Text(text)}\" must be a duration, such as 500ms, 30s or 1m30s; a number is seconds"
                : $"the parameter \"{Shown.Text(unknown)}\" is unknown: drain=DURATION and dry-run=true are allowed");
            return;
        }

        if (!request.Change.IsEmpty)
        {
            await AdminAnswer.RefuseAsync(context, "state, weight and note are set with PUT: DELETE takes node alone");
            return;
        }

        bool isNode = NodeAddress.TryParse(request.Node, out NodeAddress address, out string? error);
        string dryRun = context.Request.Query["dry-run"].ToString();
        if (dryRun is not ("" or "false" or "0"))
        {
            await TellRemovalAsync(context, dryRun, isNode ? routes.WhatIfRemoved(address) : null);
            return;
        }

        if (drain > TimeSpan.Zero && isNode)
        {
            bool isRemoved = await removal.RemoveAsync(address, drain);
            await (isRemoved
                ? AdminAnswer.SayAsync(context, StatusCodes.Status200OK, "node deleted")
                : AdminAnswer.SayAsync(
                    context, StatusCodes.Status409Conflict, "the node was made active again and stays"));
            return;
        }

        // A bad row of the store can be removed; text that is neither a node nor a row is the caller's mistake.
        bool wasThere = await membership.RemoveAsync(request.Node, context.RequestAborted);
        await (wasThere || isNode
            ? AdminAnswer.SayAsync(context, StatusCodes.Status200OK, "node deleted")
            : AdminAnswer.RefuseAsync(context, error!));
    }

    private static Task TellRemovalAsync(HttpContext context, string dryRun, RemovalAnswer? answer) =>
        (dryRun is "true" or "1", answer) switch
        {
            (false, _) => AdminAnswer.RefuseAsync(context, "dry-run must be true or false"),
            (_, null) => AdminAnswer.SayAsync(context, StatusCodes.Status404NotFound, "there is no such node"),
            _ => AdminAnswer.SendAsync(
                context, StatusCodes.Status200OK, answer!, AdminJson.Bodies.RemovalAnswer),
        };

    /// <returns>Null after a 400 for a body that cannot be taken.</returns>
    private static async Task<NodeRequest?> ReadAsync(HttpContext context)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        NodeRequest request = NodeRequest.Parse(body.GetBuffer().AsMemory(0, (int)body.Length), out string? error);
        if (error is null)
        {
            return request;
        }

        await AdminAnswer.RefuseAsync(context, error);
        return null;
    }
}

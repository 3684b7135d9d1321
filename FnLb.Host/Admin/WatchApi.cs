using System.Globalization;
using System.Text.Json;
using FnLb.Host.Telemetry;

namespace FnLb.Host.Admin;

/// <summary>
/// The calls that tell of traffic and nodes: <c>stats</c>, <c>cluster</c>, <c>scale</c>, <c>events</c>, metrics.
/// </summary>
internal sealed class WatchApi(TrafficWatch watch, AgreementView agreement)
{
    private const int FunctionsDefault = 100;
    private const int FunctionsMax = 10_000;

    private static readonly byte[] HistoryEvent = "event: history\ndata: "u8.ToArray();
    private static readonly byte[] BusiestEvent = "event: busiest\ndata: "u8.ToArray();
    private static readonly byte[] SnapshotEvent = "event: snapshot\ndata: "u8.ToArray();
    private static readonly byte[] EventEnd = "\n\n"u8.ToArray();

    public static bool Handles(string? path) =>
        path is "/1/lb/stats" or "/1/lb/cluster" or "/1/lb/scale" or "/1/lb/events" or "/metrics";

    public Task HandleAsync(HttpContext context) => (context.Request.Path.Value, context.Request.Method) switch
    {
        ("/metrics", "GET" or "HEAD") => AdminAnswer.SendAsync(
            context, StatusCodes.Status200OK, watch.Metrics.ToBytes(), MetricsPage.ContentType),
        ("/metrics", _) => AdminAnswer.RefuseMethodAsync(context, "GET, HEAD"),
        (_, not "GET") => AdminAnswer.RefuseMethodAsync(context, "GET"),
        ("/1/lb/stats", _) => SendStatsAsync(context),
        ("/1/lb/cluster", _) => SendClusterAsync(context),
        ("/1/lb/scale", _) => AdminAnswer.SendAsync(
            context, StatusCodes.Status200OK, watch.View.Scale, TelemetryJson.Bodies.ScaleAdvice),
        _ => SendEventsAsync(context),
    };

    private static bool TryReadSince(string text, out long second)
    {
        second = long.MinValue;
        if (text.Length == 0 || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out second))
        {
            return true;
        }

        bool isTime = DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset since);
        second = since.ToUnixTimeSeconds();
        return isTime;
    }

    private async Task SendClusterAsync(HttpContext context)
    {
        ClusterAnswer cluster = watch.View.Cluster() with
        {
            Agreement = await agreement.ReadAsync(context.RequestAborted),
        };
        await AdminAnswer.SendAsync(
            context, StatusCodes.Status200OK, cluster, TelemetryJson.Bodies.ClusterAnswer);
    }

    private Task SendStatsAsync(HttpContext context) =>
        TryReadSince(context.Request.Query["since"].ToString(), out long since)
            ? AdminAnswer.SendAsync(
                context, StatusCodes.Status200OK, watch.View.Stats(since), TelemetryJson.Bodies.StatsAnswer)
            : AdminAnswer.RefuseAsync(context, "since is a time (RFC 3339) or seconds since 1970: rows after it");

    private async Task SendEventsAsync(HttpContext context)
    {
        string text = context.Request.Query["functions"].ToString();
        int functions = FunctionsDefault;
        if (text.Length > 0
            && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out functions)
                && functions <= FunctionsMax))
        {
            await AdminAnswer.RefuseAsync(context, $"functions is how many are listed: 0 to {FunctionsMax}");
            return;
        }

        if (!watch.Feed.TryJoin())
        {
            await AdminAnswer.SayAsync(
                context, StatusCodes.Status503ServiceUnavailable, $"{EventFeed.ListenersMax} clients listen already");
            return;
        }

        try
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";

            // nginx in front of it would gather events until its buffer is full.
            context.Response.Headers["X-Accel-Buffering"] = "no";
            await PushAsync(context, functions, context.Request.Query["search"].ToString());
        }
        catch (OperationCanceledException)
        {
            // Whoever listened has left, or the process ends.
        }
        finally
        {
            watch.Feed.Leave();
        }
    }

    private async Task PushAsync(HttpContext context, int functions, string sought)
    {
        byte[] history = JsonSerializer.SerializeToUtf8Bytes(
            watch.View.History, TelemetryJson.Bodies.IReadOnlyListHistoryRow);
        await WriteAsync(context, HistoryEvent, history);
        byte[] busiest = JsonSerializer.SerializeToUtf8Bytes(
            watch.View.Busiest(), TelemetryJson.Bodies.BusiestHistory);
        await WriteAsync(context, BusiestEvent, busiest);
        while (true)
        {
            LiveSnapshot snapshot = await watch.Feed.NextAsync(context.RequestAborted);
            await WriteAsync(
                context, SnapshotEvent, JsonSerializer.SerializeToUtf8Bytes(
                    watch.View.Narrow(snapshot, functions, sought), TelemetryJson.Bodies.LiveSnapshot));
        }
    }

    private static async Task WriteAsync(HttpContext context, byte[] name, byte[] data)
    {
        byte[] message = [.. name, .. data, .. EventEnd];
        await context.Response.Body.WriteAsync(message, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}

namespace FnLb.Benchmarks.Throughput;

/// <summary>The rows there are; the first is the one that a short run measures.</summary>
internal static class WorkRows
{
    private const int Mebibyte = 1024 * 1024;

    public static IReadOnlyList<WorkRow> All { get; } =
    [
        new("get-64", "small GET, 64 clients"),
        new("get-1", "small GET, 1 client") { Clients = 1 },
        new("get-8", "small GET, 8 clients") { Clients = 8 },
        new("get-512", "small GET, 512 clients") { Clients = 512 },
        new("get-4000", "small GET, 4,000 clients") { Clients = 4000 },
        new("post-1k", "POST 1 KiB up, 1 KiB down") { Method = "POST", PathPrefix = "/echo/f", BodyBytes = 1024 },
        new("down-64k", "64 KiB down") { PathPrefix = "/down/64k", Paths = 1 },
        new("down-1m", "1 MiB down") { PathPrefix = "/down/1m", Paths = 1, Clients = 16 },
        new("up-1m", "1 MiB up") { Method = "POST", PathPrefix = "/up/f", BodyBytes = Mebibyte, Clients = 16 },
        new("connect", "a new connection per request") { ClosesConnection = true },
        new("pipelined", "16 pipelined GETs per write") { Pipelined = 16 },
        new("paced", "60 % of HAProxy's peak, open loop, 64 clients") { Kind = WorkKind.Paced },
        new("loops", "small GET, 64 clients, processors shared with the load") { Kind = WorkKind.Loops },
        new("idle", "resident per idle connection") { Kind = WorkKind.IdleConnections, Clients = 9000 },
        new("start", "start to first answer") { Kind = WorkKind.FirstAnswer },
    ];

    /// <returns>Null when one of the names is none of ours.</returns>
    public static IReadOnlyList<WorkRow>? Find(IReadOnlyList<string> names)
    {
        WorkRow[] found = [.. All.Where(row => names.Contains(row.Name))];
        return names.Count > 0 && names.All(name => found.Any(row => row.Name == name)) ? found : null;
    }
}

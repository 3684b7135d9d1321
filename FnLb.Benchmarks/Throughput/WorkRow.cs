namespace FnLb.Benchmarks.Throughput;

/// <summary>One kind of work that every proxy is given.</summary>
/// <param name="Name">As <c>--rows</c> takes it.</param>
/// <param name="Title">As the table shows it.</param>
internal sealed record WorkRow(string Name, string Title)
{
    public WorkKind Kind { get; init; } = WorkKind.Load;

    /// <summary>Concurrent connections.</summary>
    public int Clients { get; init; } = 64;

    public string Method { get; init; } = "GET";

    /// <summary>Before the number of the path: calls go round over as many paths as the row has.</summary>
    public string PathPrefix { get; init; } = "/r/app/f";

    /// <summary>Distinct paths; 1 calls the prefix as it is.</summary>
    public int Paths { get; init; } = 24;

    /// <summary>Bytes of each request's body.</summary>
    public int BodyBytes { get; init; }

    /// <summary>Requests in one write.</summary>
    public int Pipelined { get; init; } = 1;

    /// <summary>Whether each request has a connection of its own.</summary>
    public bool ClosesConnection { get; init; }
}

namespace FnLb.Host.Telemetry;

/// <summary>Everything a dashboard shows, once a second.</summary>
internal sealed record LiveSnapshot
{
    /// <summary>The second it tells of, in Unix time.</summary>
    public required long Second { get; init; }

    public required string Version { get; init; }

    /// <summary>The address at which everybody may change the node list; null when somebody is kept out.</summary>
    public string? OpenAt { get; init; }

    public required CallsView Calls { get; init; }

    /// <summary>The second as in the history.</summary>
    public required HistoryRow? Row { get; init; }

    /// <summary>Client connections that are open.</summary>
    public required int Clients { get; init; }

    /// <summary>So many nodes are out that failing ones are used.</summary>
    public required bool Panic { get; init; }

    public required ScaleAdvice Scale { get; init; }

    /// <summary>In the order of their addresses.</summary>
    public required IReadOnlyList<NodeView> Nodes { get; init; }

    /// <summary>Functions that were called in the last 10 seconds, whether listed or not.</summary>
    public required int FunctionCount { get; init; }

    /// <summary>Those called most, as many as were asked for.</summary>
    public required IReadOnlyList<FunctionView> Functions { get; init; }

    /// <summary>Of all functions those whose name has the sought text, as many as were asked for.</summary>
    public IReadOnlyList<FunctionView> Found { get; init; } = [];

    /// <summary>How many have it, listed or not.</summary>
    public int FoundCount { get; init; }

    /// <summary>The same with no more functions than were asked for.</summary>
    /// <param name="sought">A part of a function's name, in any case; empty finds none.</param>
    public LiveSnapshot Narrow(int functions, string sought)
    {
        FunctionView[] found = sought.Length == 0 ? [] : [.. Functions.Where(function =>
            function.Function.Contains(sought, StringComparison.OrdinalIgnoreCase))];
        return this with
        {
            Functions = [.. Functions.Take(functions)],
            Found = [.. found.Take(functions)],
            FoundCount = found.Length,
        };
    }
}

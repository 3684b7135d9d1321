namespace FnLb.Core.Telemetry;

/// <summary>A part of a call that was traced; immutable.</summary>
public sealed record TraceSpan
{
    /// <summary>The upper half of the trace's id; 0 when the id has 64 bits.</summary>
    public required ulong TraceHigh { get; init; }

    public required ulong TraceLow { get; init; }

    public required ulong Id { get; init; }

    /// <summary>0 for the first span of a trace.</summary>
    public required ulong ParentId { get; init; }

    public required SpanName Name { get; init; }

    /// <summary>Since 1970.</summary>
    public required long StartNanoseconds { get; init; }

    public required long DurationNanoseconds { get; init; }

    public required string Method { get; init; }

    /// <summary>Without query; cut when it is long.</summary>
    public required string Path { get; init; }

    /// <summary>Of the answer; 0 when none began, or the span has none.</summary>
    public required int Status { get; init; }

    /// <summary>Address of the node; empty when the span has none.</summary>
    public required string Node { get; init; }

    /// <summary>Why the node was chosen; empty when the span does not tell.</summary>
    public required string Placement { get; init; }

    /// <summary>What went wrong; empty when nothing did.</summary>
    public required string Error { get; init; }

    /// <summary>B3's debug flag came with the call.</summary>
    public required bool IsDebug { get; init; }
}

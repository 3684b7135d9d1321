using FnLb.Core.Http1;

namespace FnLb.Benchmarks.Drive;

/// <summary>What all threads of a run share.</summary>
internal sealed record DrivePlan
{
    // Far above the number of threads, so that no thread has another's seed either.
    private const int GapSeedBits = 0x5bd1_e995;

    public required IReadOnlyList<DriveTarget> Targets { get; init; }

    public RequestMethod RequestMethod { get; init; }

    /// <summary>Calls in one write; 1 in an open loop.</summary>
    public int Pipelined { get; init; } = 1;

    public bool KeepsAlive { get; init; } = true;

    public int Routes { get; init; } = 1;

    public double ZipfExponent { get; init; }

    public ArrivalKind Arrivals { get; init; }

    public int Threads { get; init; } = 1;

    /// <summary>Whether threads look for what is due all the time instead of being woken.</summary>
    public bool IsBusy { get; init; }

    public int Seed { get; init; } = 1;

    /// <summary>Of the routes that a thread draws.</summary>
    /// <param name="thread">From 0.</param>
    public int RouteSeed(int thread) => Seed + thread;

    /// <summary>Of the gaps between its calls: by the same numbers the popular routes would come in bursts.</summary>
    /// <inheritdoc cref="RouteSeed"/>
    public int GapSeed(int thread) => (Seed + thread) ^ GapSeedBits;

    public TimeSpan WarmUp { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>For one call, from when it is sent.</summary>
    public TimeSpan Timeout { get; init; }
}

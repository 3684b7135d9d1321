namespace FnLb.Core.Telemetry;

/// <summary>Calls of a function that a node answered, over some time.</summary>
public readonly record struct StatsRow(string Function, string Node)
{
    /// <summary>Hash of the function's route key; 0 for the functions without a name of their own.</summary>
    public ulong Route { get; init; }

    public int Calls { get; init; }

    /// <summary>Of the calls, those answered with 5xx.</summary>
    public int Errors { get; init; }

    /// <summary>Of the calls, those that waited for a container to start.</summary>
    public int Cold { get; init; }

    /// <summary>Of the calls, those placed elsewhere than at home or where the function is warm.</summary>
    public int Spilled { get; init; }

    /// <summary>Of the calls, those whose wait the node told.</summary>
    public int Waits { get; init; }

    /// <summary>Sum over <see cref="Waits"/>.</summary>
    public double WaitSeconds { get; init; }

    /// <summary>Sum over all calls, from the request's arrival to the end of its answer.</summary>
    public double TotalSeconds { get; init; }

    /// <summary>The part of it that they were at the node that answered, waiting there included.</summary>
    public double AtNodeSeconds { get; init; }

    /// <summary>Mean wait in seconds; null when no node told one.</summary>
    public double? WaitMean => Waits > 0 ? WaitSeconds / Waits : null;

    /// <summary>Of the calls with a known wait, the share that waited for a start.</summary>
    public double ColdShare => Waits > 0 ? (double)Cold / Waits : 0;

    /// <summary>Two rows of the same calls' kind in one.</summary>
    public StatsRow Plus(in StatsRow other) => this with
    {
        Calls = Calls + other.Calls,
        Errors = Errors + other.Errors,
        Cold = Cold + other.Cold,
        Spilled = Spilled + other.Spilled,
        Waits = Waits + other.Waits,
        WaitSeconds = WaitSeconds + other.WaitSeconds,
        TotalSeconds = TotalSeconds + other.TotalSeconds,
        AtNodeSeconds = AtNodeSeconds + other.AtNodeSeconds,
    };
}

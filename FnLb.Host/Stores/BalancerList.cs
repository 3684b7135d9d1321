namespace FnLb.Host.Stores;

/// <summary>What is known of the balancers that share a store, and since when.</summary>
internal sealed record BalancerList
{
    public static readonly BalancerList Unread = new();

    /// <summary>As they were read last; their ages are of then, but for a list from <see cref="At"/>.</summary>
    public IReadOnlyList<BalancerRow> Rows { get; init; } = [];

    /// <summary>Why they could not be read since; null when they could.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether reading was tried, at <see cref="TriedAt"/>.</summary>
    public bool IsTried { get; init; }

    /// <summary>Whether they were read, at <see cref="ReadAt"/>.</summary>
    public bool IsRead { get; init; }

    public long TriedAt { get; init; }

    public long ReadAt { get; init; }

    /// <summary>Whether the rows say what is now, as far as a balancer that beats now and then can say it.</summary>
    public bool IsCurrent { get; private init; }

    /// <summary>The same with the rows as old as they are now.</summary>
    public BalancerList At(TimeProvider time)
    {
        TimeSpan since = time.GetElapsedTime(ReadAt);
        return this with
        {
            Rows = [.. Rows.Select(row => row with { Age = row.Age + since })],
            IsCurrent = IsRead && Failure is null && since < BalancerRow.BeatInterval,
        };
    }
}

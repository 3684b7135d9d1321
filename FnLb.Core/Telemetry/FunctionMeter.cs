namespace FnLb.Core.Telemetry;

/// <summary>What one event loop measures of one function.</summary>
/// <remarks>Written by the loop; others read the histograms once they are published.</remarks>
/// <param name="name">What its calls have in common: mostly the path.</param>
/// <param name="route">Hash of the route key; 0 when it stands for more than one.</param>
public sealed class FunctionMeter(string name, ulong route = 0)
{
    private const int FewNodes = 8;

    // Most functions are answered by few nodes: only those beyond are looked up in a table. The loop's own.
    private CallTally[] _tallies = [];
    private Dictionary<NodeMeter, CallTally>? _further;

    public string Name { get; } = name;

    /// <summary>Hash of the route key; 0 when it stands for more than one.</summary>
    public ulong Route { get; } = route;

    /// <summary>From a request's arrival to the end of its answer; null unless among the top functions.</summary>
    public LatencyHistogram? Total { get; private set; }

    /// <inheritdoc cref="Total"/>
    public LatencyHistogram? Wait { get; private set; }

    /// <summary>The last second with a call, as the loop counts them.</summary>
    internal long UsedSecond { get; set; }

    internal int Tallies => _tallies.Length + (_further?.Count ?? 0);

    internal void BeginHistograms()
    {
        Total = new LatencyHistogram();
        Wait = new LatencyHistogram();
    }

    internal void EndHistograms() => Total = Wait = null;

    /// <summary>The tally for a node, or null.</summary>
    internal CallTally? Find(NodeMeter node)
    {
        CallTally[] tallies = _tallies;
        for (int index = 0; index < tallies.Length; index++)
        {
            CallTally tally = tallies[index];
            if (ReferenceEquals(tally.Node, node))
            {
                // What is asked for often wanders to the front.
                if (index > 0)
                {
                    (tallies[index - 1], tallies[index]) = (tally, tallies[index - 1]);
                }

                return tally;
            }
        }

        return _further?.GetValueOrDefault(node);
    }

    internal CallTally Add(NodeMeter node)
    {
        CallTally tally = new(this, node);
        if (_tallies.Length < FewNodes)
        {
            _tallies = [.. _tallies, tally];
        }
        else
        {
            (_further ??= []).Add(node, tally);
        }

        return tally;
    }

    /// <summary>Forgets the nodes without a call since a second.</summary>
    internal void Forget(long sinceSecond)
    {
        _tallies = [.. _tallies.Where(tally => !tally.IsUnusedSince(sinceSecond))];
        if (_further is not { } further)
        {
            return;
        }

        foreach ((NodeMeter node, CallTally tally) in further)
        {
            if (tally.IsUnusedSince(sinceSecond))
            {
                _ = further.Remove(node);
            }
        }

        _further = further.Count == 0 ? null : further;
    }
}

namespace FnLb.Core.Routing;

/// <summary>Finds the first ranks among many nodes by looking closely at a few only.</summary>
/// <remarks>
/// For each node the hash is known above which its score would be among the first 16 or so of an average route. A pass
/// that compares hashes leaves as many nodes; only they need a score and an order. It costs about 1 ns a node, a
/// fraction of keeping the best eight on the way, as almost nothing in it depends on chance.
/// </remarks>
internal sealed class RankShortlist
{
    private const int NodesMin = 64;
    private const int Expected = 16;
    private const int CandidatesMax = 64;

    private readonly ulong[] _hashes = [];
    private readonly ulong _scoreMin;

    /// <param name="isWeighted">Whether scores are those of weights, or hashes.</param>
    public RankShortlist(double[] weights, bool isWeighted)
    {
        if (weights.Length < NodesMin)
        {
            return;
        }

        // Nodes that pass have w / -ln(u) above this, so u above e^(-w / this).
        double score = weights.Sum() / Expected;
        _hashes = [.. weights.Select(weight => (ulong)(Math.Exp(-weight / score) * ulong.MaxValue))];

        // Math.Exp may differ between machines in the last bit: a score that near to the border decides nothing.
        _scoreMin = isWeighted ? BitConverter.DoubleToUInt64Bits(score * (1 + 1e-9)) : _hashes[0];
    }

    /// <returns>
    /// False when there are few nodes, or the route is not an average one: then all must be looked at.
    /// </returns>
    public bool TrySelect(NodeRing ring, RouteKey route, ReadOnlySpan<ulong> keys, Span<int> ranks)
    {
        if (_hashes.Length == 0)
        {
            return false;
        }

        Span<int> candidates = stackalloc int[CandidatesMax];
        int count = 0;
        ReadOnlySpan<ulong> hashes = _hashes.AsSpan(0, keys.Length);
        for (int index = 0; index < keys.Length; index++)
        {
            if (route.With(keys[index]) <= hashes[index])
            {
                continue;
            }

            if (count == CandidatesMax)
            {
                return false;
            }

            candidates[count++] = index;
        }

        if (count < ranks.Length)
        {
            return false;
        }

        RankSelection selection = new(ranks);
        foreach (int index in candidates[..count])
        {
            selection.Add(ring.Score(index, route), index);
        }

        return selection.LowestScore > _scoreMin;
    }
}

using System.Runtime.CompilerServices;

namespace FnLb.Core.Routing;

/// <summary>Keeps the few highest of many scores, in order, in one pass without allocation.</summary>
internal ref struct RankSelection
{
    /// <summary>Beyond so many a sort is cheaper than insertion.</summary>
    public const int RanksMax = 8;

    private readonly Span<int> _ranks;
    private RankScores _scores;
    private int _count;

    /// <param name="ranks">Receives the indexes, highest score first; 1 to <see cref="RanksMax"/> of them.</param>
    public RankSelection(Span<int> ranks)
    {
        _ranks = ranks;
    }

    /// <summary>Of the last rank; 0 until all are filled.</summary>
    public ulong LowestScore { get; private set; }

    /// <summary>Of equal scores the one added first stays first.</summary>
    public void Add(ulong score, int index)
    {
        if (score < LowestScore)
        {
            return;
        }

        int rank = _count;
        while (rank > 0 && _scores[rank - 1] < score)
        {
            rank--;
        }

        if (rank == _ranks.Length)
        {
            return;
        }

        for (int later = int.Min(_count, _ranks.Length - 1); later > rank; later--)
        {
            _scores[later] = _scores[later - 1];
            _ranks[later] = _ranks[later - 1];
        }

        _scores[rank] = score;
        _ranks[rank] = index;
        _count = int.Min(_count + 1, _ranks.Length);
        LowestScore = _count == _ranks.Length ? _scores[_count - 1] : 0;
    }

    [InlineArray(RanksMax)]
    private struct RankScores
    {
        private ulong _first;
    }
}

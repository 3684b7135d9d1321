namespace FnLb.Core.Health;

/// <summary>How many nodes are out, and why; of one node all are 0 or 1.</summary>
/// <param name="Counted">Nodes that can be judged: active, and checked once.</param>
/// <param name="NotOnline">Of these, not in service, for whatever reason.</param>
/// <param name="Out">Of these, ejected by calls or failing their checks, in service or not.</param>
/// <param name="Ejected">Of these, ejected by calls, in service or not.</param>
/// <param name="Doubted">Of these, in use though a call could not connect, until a check says more.</param>
internal readonly record struct OutCounts(int Counted, int NotOnline, int Out, int Ejected, int Doubted)
{
    public static OutCounts operator +(OutCounts left, OutCounts right) => new(
        left.Counted + right.Counted,
        left.NotOnline + right.NotOnline,
        left.Out + right.Out,
        left.Ejected + right.Ejected,
        left.Doubted + right.Doubted);

    public static OutCounts operator -(OutCounts left, OutCounts right) => new(
        left.Counted - right.Counted,
        left.NotOnline - right.NotOnline,
        left.Out - right.Out,
        left.Ejected - right.Ejected,
        left.Doubted - right.Doubted);
}

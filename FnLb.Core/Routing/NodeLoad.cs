using FnLb.Core.Nodes;

namespace FnLb.Core.Routing;

/// <summary>
/// What this load balancer has learned of a node from its own calls; lives as long as the node is a member.
/// </summary>
/// <remarks>
/// Written by every event loop without a lock: a race loses one step of an estimate, and the next call makes up for it.
/// </remarks>
internal sealed class NodeLoad(Node node, double limit)
{
    private const int FirstAnswersWithoutWait = 16;
    private const int AnswersWithoutWaitMax = 1024;

    private int _answersLeftWithoutWait = FirstAnswersWithoutWait;

    public Node Node { get; } = node;

    /// <summary>
    /// Unique among all nodes this process has known; a place in the ring is not, as it changes with the membership.
    /// </summary>
    public int Id { get; } = node.Number;

    /// <summary>The node's key, which its order for a route is computed from: hashed once, not for each ring.</summary>
    public ulong Key { get; } = RouteKey.Of(node.AuthorityText).Hash;

    /// <summary>Calls at once up to which the node starts them without delay, as learned.</summary>
    public double Limit { get; set; } = limit;

    /// <summary>The limit before the last decrease: the way back there is quicker.</summary>
    public double LimitBefore { get; set; } = limit;

    /// <summary>Recent share of calls that queued at the node, 0 to 1.</summary>
    public double Miss { get; set; }

    /// <summary>Whether it ever made calls wait: before that the limit is what it takes at the least.</summary>
    public bool IsLimitKnown { get; set; }

    public long DecreasedMilliseconds { get; set; } = long.MinValue / 2;

    /// <summary>Calls in a row that the node did not start.</summary>
    public int Failures { get; set; }

    /// <summary>Until then it is known to have no room: it takes no calls that others refused.</summary>
    public long FullUntilMilliseconds { get; set; } = long.MinValue;

    /// <summary>The node is passed over until then.</summary>
    public long PenaltyUntilMilliseconds { get; set; } = long.MinValue;

    /// <summary>
    /// Whether its answers say how long calls waited, as far as is known. An answer now and then may come without.
    /// </summary>
    public bool SendsWait => _answersLeftWithoutWait > 0;

    /// <summary>The node is not passed over any longer for what failed before.</summary>
    public void Forgive()
    {
        Failures = 0;
        PenaltyUntilMilliseconds = long.MinValue;
        FullUntilMilliseconds = long.MinValue;
    }

    public void NoteAnswer(bool hasWait)
    {
        if (!hasWait && _answersLeftWithoutWait > 0)
        {
            _answersLeftWithoutWait--;
        }
        else if (hasWait && _answersLeftWithoutWait < AnswersWithoutWaitMax)
        {
            _answersLeftWithoutWait = AnswersWithoutWaitMax;
        }
    }
}

using FnLb.Core.Nodes;

namespace FnLb.Core.Health;

/// <summary>Turns the checks of a node into its state: the first decides, then so many equal ones in a row.</summary>
internal sealed class HealthThresholds(int failuresToOffline, int successesToOnline)
{
    /// <summary>Failures in a row up to the last check.</summary>
    public int Failures { get; private set; }

    /// <summary>Successes in a row up to the last check.</summary>
    public int Successes { get; private set; }

    /// <summary>Forgets the checks so far: live traffic knows better.</summary>
    public void Reset() => Failures = Successes = 0;

    /// <summary>Counts a check and says what the state is after it.</summary>
    /// <param name="mayReturn">Whether the node may come back now; if not, it is ejected while its checks pass.</param>
    public OperationalState Count(OperationalState current, bool passed, bool mayReturn)
    {
        Successes = passed ? Successes + 1 : 0;
        Failures = passed ? 0 : Failures + 1;
        return current switch
        {
            OperationalState.Unknown => passed ? OperationalState.Online : OperationalState.Offline,
            OperationalState.Offline or OperationalState.Ejected when Successes >= successesToOnline =>
                mayReturn ? OperationalState.Online : OperationalState.Ejected,
            OperationalState.Online or OperationalState.Ejected when Failures >= failuresToOffline =>
                OperationalState.Offline,
            _ => current,
        };
    }
}

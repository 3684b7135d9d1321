using FnLb.Core.Nodes;

namespace FnLb.Core.Health;

/// <summary>Turns the checks of a node into its state: the first decides, then so many equal ones in a row.</summary>
internal sealed class HealthThresholds(int failuresToOffline, int successesToOnline)
{
    /// <summary>Failures in a row up to the last check.</summary>
    public int Failures { get; private set; }

    /// <summary>Successes in a row up to the last check.</summary>
    public int Successes { get; private set; }

    /// <summary>A call could not connect, and no check has passed since: one that fails is enough.</summary>
    public bool IsDoubted { get; private set; }

    /// <summary>Forgets the checks so far: live traffic knows better.</summary>
    public void Doubt()
    {
        Failures = Successes = 0;
        IsDoubted = true;
    }

    /// <summary>Counts a check and says what the state is after it.</summary>
    /// <param name="mayReturn">Whether the node may come back now; if not, it is ejected while its checks pass.</param>
    public OperationalState Count(OperationalState current, bool passed, bool mayReturn)
    {
        Successes = passed ? Successes + 1 : 0;
        Failures = passed ? 0 : Failures + 1;
        bool isDown = Failures >= failuresToOffline || (IsDoubted && !passed);
        IsDoubted &= !passed;
        return current switch
        {
            OperationalState.Unknown => passed ? OperationalState.Online : OperationalState.Offline,
            OperationalState.Offline or OperationalState.Ejected when Successes >= successesToOnline =>
                mayReturn ? OperationalState.Online : OperationalState.Ejected,
            OperationalState.Online or OperationalState.Ejected when isDown =>
                OperationalState.Offline,
            _ => current,
        };
    }
}

namespace FnLb.Core.Routing;

/// <summary>How a placed call ended, as far as the router learns from it.</summary>
public enum CallOutcome : byte
{
    /// <summary>The node answered.</summary>
    Answered,

    /// <summary>The node did not start the call: no connection, or it said that it was busy.</summary>
    NotStarted,

    /// <summary>Cut before the answer was complete, by either side: nothing is learned.</summary>
    Aborted,
}

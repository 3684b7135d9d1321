namespace FnLb.Tests.Harness;

/// <summary>What an <see cref="EchoNode"/> does wrong. Shares are of its calls, from 0 to 1.</summary>
internal sealed record NodeMischief
{
    /// <summary>A connection that carries nothing after a call is closed at random within this; 0 for never.</summary>
    public int IdleMillisecondsMax { get; init; }

    /// <summary>Calls that are not started because there is no room.</summary>
    public double BusyShare { get; init; }

    /// <summary>Answers that end with a reset in the middle.</summary>
    public double CutShare { get; init; }
}

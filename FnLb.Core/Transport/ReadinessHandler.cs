namespace FnLb.Core.Transport;

/// <summary>What is registered with an <see cref="EventLoop"/>. Both methods run on its thread.</summary>
/// <remarks>
/// All handlers of one wake-up are marked before the first is run. So a node connection that has become readable is
/// known to be before any client, served in the same wake-up, could take it for its request.
/// </remarks>
internal abstract class ReadinessHandler
{
    /// <summary>Place in the loop's table; -1 while not registered. Written by the loop.</summary>
    internal int Slot { get; set; } = -1;

    /// <summary>It runs once more in any case. Written by the loop.</summary>
    internal bool IsQueuedAgain { get; set; }

    /// <summary>Takes note of the readiness; runs nothing.</summary>
    public abstract void Mark(Readiness readiness);

    /// <summary>Does what the readiness allows.</summary>
    public abstract void Run();

    /// <summary>Closes what is behind it, after <see cref="Run"/> threw.</summary>
    public abstract void Abort();
}

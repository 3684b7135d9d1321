using FnLb.Core.Nodes;

namespace FnLb.Host.Stores;

/// <summary>Removes a node after its calls have ended.</summary>
/// <param name="othersLearn">
/// In so long the balancers that share the store have heard of the drain; zero where nobody shares it.
/// </param>
internal sealed class DrainedRemoval(
    Membership membership, NodeDirectory directory, TimeSpan othersLearn, TimeProvider time, CancellationToken stop)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Drains the node and removes it when no call of this balancer is there, or the time is over, but not before the
    /// other balancers have heard of it: whoever hears that it is removed stops the node.
    /// </summary>
    /// <param name="limit">For the calls of this balancer.</param>
    /// <returns>False when somebody made the node active again meanwhile: it stays.</returns>
    /// <remarks>Goes on when the caller leaves; ends with the process, the node then stays draining.</remarks>
    /// <exception cref="NodeStoreException">The store failed, or the process ends.</exception>
    public async Task<bool> RemoveAsync(NodeAddress address, TimeSpan limit)
    {
        try
        {
            return await DrainAndRemoveAsync(address, limit);
        }
        catch (OperationCanceledException e) when (stop.IsCancellationRequested)
        {
            throw new NodeStoreException(
                "this process ends or hands over, and waits no longer: the node stays draining, call again", e);
        }
    }

    private async Task<bool> DrainAndRemoveAsync(NodeAddress address, TimeSpan limit)
    {
        if (directory.Nodes.FirstOrDefault(node => node.Address == address) is Node node)
        {
            bool isDrained = await TryDrainAsync(node, limit);
            bool isBack = isDrained && directory.Nodes.Contains(node)
                && node.Administrative == AdministrativeState.Active;
            if (isBack)
            {
                return false;
            }
        }

        _ = await membership.RemoveAsync(address.Text, stop);
        return true;
    }

    /// <returns>
    /// False where the store takes no changes at all: no removal either, and that is what the caller is to hear of.
    /// </returns>
    private async Task<bool> TryDrainAsync(Node node, TimeSpan limit)
    {
        try
        {
            await membership.ChangeAsync(node.Address, new NodeChange { State = AdministrativeState.Draining }, stop);
        }
        catch (NodeStoreException e) when (e.IsRefusal)
        {
            return false;
        }

        await WaitUntilIdleAsync(node, limit);
        return true;
    }

    // Twice in a row: a loop that chose the node just before the drain counts its call a moment later.
    private async Task WaitUntilIdleAsync(Node node, TimeSpan limit)
    {
        long started = time.GetTimestamp();
        int idleLooks = 0;
        using PeriodicTimer look = new(LookInterval, time);
        while (node.Administrative == AdministrativeState.Draining && directory.Nodes.Contains(node)
            && (Passed() < othersLearn || (idleLooks < 2 && Passed() < limit)))
        {
            await look.WaitForNextTickAsync(stop);
            idleLooks = node.InFlight == 0 ? idleLooks + 1 : 0;
        }

        TimeSpan Passed() => time.GetElapsedTime(started);
    }
}

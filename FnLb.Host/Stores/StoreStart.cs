using FnLb.Core.Nodes;

namespace FnLb.Host.Stores;

/// <summary>Gets the first list, from a store that may not be up yet.</summary>
internal sealed class StoreStart(Membership membership, TimeProvider time, ILogger logger)
{
    /// <param name="added">Added to the store.</param>
    /// <param name="known">Enough to start with; empty when nothing is.</param>
    /// <param name="wait">How long to go on trying.</param>
    /// <exception cref="NodeStoreException">There is no list and no node is known.</exception>
    public async Task RunAsync(
        IReadOnlyList<NodeAddress> added, IReadOnlyList<NodeEntry> known, TimeSpan wait, CancellationToken stop)
    {
        long started = time.GetTimestamp();
        Backoff backoff = new();
        string? reported = null;
        while (true)
        {
            try
            {
                await membership.LoadAsync(added, stop);
                return;
            }
            catch (NodeStoreException e) when (time.GetElapsedTime(started) < wait)
            {
                if (reported != e.Message)
                {
                    reported = e.Message;
                    StoreLog.Waiting(logger, Math.Round((wait - time.GetElapsedTime(started)).TotalSeconds), e.Message);
                }
            }
            catch (NodeStoreException e) when (known.Count > 0)
            {
                membership.StartWithout(known, e.Message);
                return;
            }

            TimeSpan left = wait - time.GetElapsedTime(started);
            TimeSpan pause = backoff.Next();
            await Task.Delay(pause < left ? pause : left, time, stop);
        }
    }
}

using System.Net;
using FnLb.Core.Nodes;

namespace FnLb.Core.Health;

/// <summary>Finds out of a node's addresses one that works, within the time of one check.</summary>
/// <remarks>
/// In their order: the next is asked when one has failed, or was silent for its part of the time, but has all that is
/// left to answer. So neither does an address without a machine take the time of those behind it, nor do many addresses
/// make a check longer.
/// </remarks>
internal sealed class AddressTrial(NodeAddress node, WatchContext context)
{
    /// <param name="candidates">At least one.</param>
    /// <param name="passed">Is given the first that passes.</param>
    /// <returns>Null when one passed, else why the first failed.</returns>
    /// <exception cref="CheckImpossibleException">As for <see cref="HealthProbe.CheckAsync"/>.</exception>
    public async Task<string?> RunAsync(EndPoint[] candidates, Action<EndPoint> passed, CancellationToken stop)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Dictionary<Task<string?>, int> asked = [];
        try
        {
            string?[] failures = new string?[candidates.Length];
            long started = context.Time.GetTimestamp();
            int next = 0;
            while (next < candidates.Length || asked.Count > 0)
            {
                if (next < candidates.Length)
                {
                    asked[AskAsync(candidates[next], started, over.Token)] = next++;
                }

                await OneEndsAsync(asked.Keys, candidates.Length, next < candidates.Length, over.Token)
                    .ConfigureAwait(false);
                foreach (Task<string?> ended in asked.Keys.Where(task => task.IsCompleted).ToArray())
                {
                    asked.Remove(ended, out int index);
                    failures[index] = await ended.ConfigureAwait(false);
                    if (failures[index] is null)
                    {
                        passed(candidates[index]);
                        return null;
                    }
                }
            }

            return failures[0];
        }
        finally
        {
            // Nothing of this check is left when the next begins.
            await over.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(asked.Keys)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task<string?> AskAsync(EndPoint candidate, long started, CancellationToken stop)
    {
        TimeSpan left = context.Options.Timeout - context.Time.GetElapsedTime(started);
        return context.Probe.CheckAsync(node, candidate, left > TimeSpan.Zero ? left : TimeSpan.Zero, stop);
    }

    private async Task OneEndsAsync(
        IEnumerable<Task<string?>> asked, int candidates, bool isOneLeft, CancellationToken stop)
    {
        Task<Task<string?>> ends = Task.WhenAny(asked);
        if (isOneLeft)
        {
            await Task.WhenAny(ends, Task.Delay(context.Options.Timeout / candidates, context.Time, stop))
                .ConfigureAwait(false);
        }
        else
        {
            await ends.ConfigureAwait(false);
        }
    }
}

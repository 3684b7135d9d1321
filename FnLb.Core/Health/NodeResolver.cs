using System.Net;
using FnLb.Core.Nodes;

namespace FnLb.Core.Health;

/// <summary>Keeps the address of a node that is given by a DNS name; an IP address needs nothing.</summary>
/// <remarks>Used by the node's watch only, never on an event loop: a lookup can take seconds.</remarks>
internal sealed class NodeResolver(Node node, WatchContext context)
{
    /// <summary>How long an address that works is used before the name is looked up again.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    private long _lookedUpAt;
    private string? _error;

    /// <summary>Looks the name up when it is due; after a failed check it always is.</summary>
    /// <param name="lastCheckFailed">Moves on to the name's next address, if it has several.</param>
    /// <returns>Null, or why there is no address at all. When a lookup fails the last good address stays.</returns>
    public async ValueTask<string?> RefreshAsync(bool lastCheckFailed, CancellationToken stop)
    {
        bool isFresh = node.EndPoint is not null && context.Time.GetElapsedTime(_lookedUpAt) < Freshness;
        if (node.Address.Literal is not null || (isFresh && !lastCheckFailed))
        {
            return null;
        }

        try
        {
            IPAddress[] found = await context.Lookup(node.Address.Host, stop)
                .WaitAsync(context.Options.Timeout, context.Time, stop).ConfigureAwait(false);
            _lookedUpAt = context.Time.GetTimestamp();
            Use(found, lastCheckFailed);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Report(e is TimeoutException ? $"no answer within {context.Options.Timeout.TotalSeconds} s" : e.Message);
        }

        return node.EndPoint is null ? $"its name could not be resolved: {_error}" : null;
    }

    private void Use(IPAddress[] found, bool lastCheckFailed)
    {
        if (found.Length == 0)
        {
            Report("the name has no address");
            return;
        }

        _error = null;
        int current = node.EndPoint is IPEndPoint inUse ? Array.IndexOf(found, inUse.Address) : -1;
        int chosen = current >= 0 && !lastCheckFailed ? current : (current + 1) % found.Length;
        if (chosen != current)
        {
            node.EndPoint = new IPEndPoint(found[chosen], node.Address.Port);
            HealthLog.Resolved(context.Logger, node.Address.Text, found[chosen]);
        }
    }

    private void Report(string error)
    {
        if (error != _error)
        {
            HealthLog.LookupFailed(context.Logger, node.Address.Text, error);
        }

        _error = error;
    }
}

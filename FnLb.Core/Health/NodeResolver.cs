using System.Net;
using FnLb.Core.Nodes;

namespace FnLb.Core.Health;

/// <summary>Keeps the address of a node that is given by a DNS name; an IP address needs nothing.</summary>
/// <remarks>Used by the node's watch only, never on an event loop: a lookup can take seconds.</remarks>
internal sealed class NodeResolver(Node node, WatchContext context)
{
    /// <summary>How long an address that works is used before the name is looked up again.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    private IPAddress[] _addresses = [];
    private long _lookedUpAt;
    private string? _error;

    /// <summary>Looks the name up when it is due; after a failed check it always is.</summary>
    /// <returns>Null, or why there is no address at all. When a lookup fails the last good addresses stay.</returns>
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
            Take(found);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Report(e is TimeoutException ? $"no answer within {context.Options.Timeout.TotalSeconds} s" : e.Message);
        }

        return node.EndPoint is null ? $"its name could not be resolved: {_error}" : null;
    }

    /// <summary>Where the node may be, the address that is in use first; empty while there is none.</summary>
    public IReadOnlyList<EndPoint> Candidates()
    {
        if (node.EndPoint is not IPEndPoint inUse)
        {
            return node.EndPoint is EndPoint other ? [other] : [];
        }

        return [inUse, .. _addresses.Where(address => !address.Equals(inUse.Address))
            .Select(address => new IPEndPoint(address, inUse.Port))];
    }

    /// <summary>Calls go there from now on.</summary>
    public void Use(EndPoint endPoint)
    {
        if (!endPoint.Equals(node.EndPoint))
        {
            node.EndPoint = endPoint;
            HealthLog.Resolved(context.Logger, node.Address.Text, ((IPEndPoint)endPoint).Address);
        }
    }

    private void Take(IPAddress[] found)
    {
        if (found.Length == 0)
        {
            Report("the name has no address");
            return;
        }

        _error = null;
        _addresses = found;
        if (node.EndPoint is not IPEndPoint inUse || !found.Contains(inUse.Address))
        {
            Use(new IPEndPoint(found[0], node.Address.Port));
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

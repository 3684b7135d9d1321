using System.Net;
using FnLb.Core.Nodes;

namespace FnLb.Core.Health;

/// <summary>Keeps the addresses of a node that is given by a DNS name; an IP address needs nothing.</summary>
/// <remarks>Used by the node's watch only, never on an event loop: a lookup can take seconds.</remarks>
internal sealed class NodeResolver(Node node, WatchContext context)
{
    /// <summary>How long an address that works is used before the name is looked up again.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    private long _lookedUpAt;
    private long _triedAt;

    // The system's resolver cannot be stopped: who gives up on it and asks again occupies one thread after the other.
    private Task<IPAddress[]>? _pending;
    private string? _error;

    /// <summary>How long until the name should be looked up again, whether a check is due or not.</summary>
    public TimeSpan UntilDue
    {
        get
        {
            TimeSpan left = Freshness - context.Time.GetElapsedTime(_triedAt);
            return node.Address.Literal is not null ? TimeSpan.MaxValue : left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Looks the name up when it is due; after a failed check it always is.</summary>
    /// <returns>Null, or why there is no address at all. When a lookup fails the last good addresses stay.</returns>
    public async ValueTask<string?> RefreshAsync(bool lastCheckFailed, CancellationToken stop)
    {
        bool isFresh = node.EndPoint is not null && context.Time.GetElapsedTime(_lookedUpAt) < Freshness;
        if (node.Address.Literal is not null || (isFresh && !lastCheckFailed))
        {
            return null;
        }

        // Who waited for it once and has an address goes on with that.
        bool waits = _pending is null || node.EndPoint is null;
        _triedAt = context.Time.GetTimestamp();
        try
        {
            _pending ??= context.Lookup(node.Address.Host, stop);
            if (_pending.IsCompleted || waits)
            {
                IPAddress[] found = await _pending.WaitAsync(context.Options.Timeout, context.Time, stop)
                    .ConfigureAwait(false);
                _pending = null;
                _lookedUpAt = _triedAt;
                Take(found);
            }
        }
        catch (TimeoutException) when (_pending is { IsCompleted: false })
        {
            Report($"no answer within {context.Options.Timeout.TotalSeconds} s");
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            _pending = null;
            Report(e.Message);
        }

        return node.EndPoint is null ? $"its name could not be resolved: {_error}" : null;
    }

    /// <summary>Calls try this address first from now on; the others stay behind it in their order.</summary>
    public void Use(EndPoint endPoint) => Publish(
        [endPoint, .. node.EndPoints.Where(other => !other.Equals(endPoint))]);

    private void Take(IPAddress[] found)
    {
        if (found.Length == 0)
        {
            Report("the name has no address");
            return;
        }

        _error = null;
        EndPoint[] endPoints = [.. found.Distinct().Select(address => new IPEndPoint(address, node.Address.Port))];

        // Resolvers turn the list round from one lookup to the next: an address that works stays the first.
        Publish([.. endPoints.OrderByDescending(endPoint => endPoint.Equals(node.EndPoint))]);
    }

    // The same list is not published again: loops begin anew with the first of a new one.
    private void Publish(EndPoint[] endPoints)
    {
        EndPoint? before = node.EndPoint;
        if (!endPoints.SequenceEqual(node.EndPoints))
        {
            node.EndPoints = endPoints;
        }

        if (!endPoints[0].Equals(before))
        {
            HealthLog.Resolved(context.Logger, node.Address.Text, ((IPEndPoint)endPoints[0]).Address);
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

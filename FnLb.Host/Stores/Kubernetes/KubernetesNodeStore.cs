using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Authentication;
using System.Text.Json;
using FnLb.Core.Nodes;

namespace FnLb.Host.Stores.Kubernetes;

/// <summary>The nodes are pods, or the endpoints of a service, as the Kubernetes API tells of them.</summary>
/// <remarks>
/// A pod is a node while it runs and is ready; while it terminates it drains. List first, then watch from that list's
/// version on; when the API says that the version is too old (410), or the connection fails, list again. A stream that
/// the API server ends, as it does every few minutes, is taken up where it ended.
/// </remarks>
internal sealed class KubernetesNodeStore : INodeStore
{
    /// <summary>A stream that ends sooner counts as a failure, so that it is not asked for in a loop.</summary>
    private static readonly TimeSpan SoundWatch = TimeSpan.FromSeconds(1);

    private readonly KubernetesClient _client;
    private readonly KubernetesResource _resource;
    private readonly Uri _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, KubernetesNodes> _nodes = new();
    private readonly Task _following;
    private Action _changed = () => { };
    private volatile string? _failure;
    private long _heardAt = Stopwatch.GetTimestamp();
    private string _version = "";

    /// <summary>Begins to follow the list.</summary>
    public KubernetesNodeStore(KubernetesAccess access, KubernetesResource resource)
    {
        _resource = resource;
        _server = access.Server;
        _client = new KubernetesClient(access, resource);
        _following = Task.Run(FollowAsync);
    }

    /// <summary>Since a list, an event or a bookmark: the API server sends one about each minute.</summary>
    public TimeSpan ListAge => Stopwatch.GetElapsedTime(Volatile.Read(ref _heardAt));

    public async Task<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancellation)
    {
        await _tried.Task.WaitAsync(cancellation);
        if (_failure is string failure)
        {
            throw new NodeStoreException(failure);
        }

        // During a hand-over an address can be in two objects: what takes calls goes first, and the first counts.
        return [.. KubernetesNodes.Together(_nodes.Values).OrderBy(node => node.State)];
    }

    public void Watch(Action changed) => _changed = changed;

    public Task AddAsync(NodeEntry entry, CancellationToken cancellation) => throw Unsupported("addition");

    public Task<bool> ChangeAsync(NodeAddress node, NodeChange change, CancellationToken cancellation) =>
        throw Unsupported("addition");

    public Task<bool> RemoveAsync(string node, CancellationToken cancellation) => throw Unsupported("deletion");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
        _client.Dispose();
        _stop.Dispose();
    }

    private static NodeStoreException Unsupported(string what) =>
        new($"kubernetes driver does not support manual {what} of targets") { IsRefusal = true };

    private async Task FollowAsync()
    {
        Backoff backoff = new();
        while (!_stop.IsCancellationRequested)
        {
            long started = Stopwatch.GetTimestamp();
            try
            {
                if (_version.Length == 0)
                {
                    await ListOnceAsync();
                }

                await WatchOnceAsync();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (KubernetesRefusal e) when (e.Status == HttpStatusCode.Gone)
            {
                _version = "";
            }
            catch (KubernetesRefusal e) when (e.Status == HttpStatusCode.NotFound && _resource.TryOlderPath())
            {
                _version = "";
            }
            catch (Exception e)
            {
                // Whatever it was, the list must go on being followed.
                Fail(e);
            }

            if (Stopwatch.GetElapsedTime(started) >= SoundWatch && _failure is null)
            {
                backoff.Reset();
                continue;
            }

            await Task.Delay(backoff.Next(), _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListOnceAsync()
    {
        HashSet<string> gone = [.. _nodes.Keys];
        string version = "";
        await foreach (JsonElement page in _client.ListAsync(_stop.Token))
        {
            version = KubernetesResource.VersionOf(page);
            foreach (JsonElement item in KubernetesResource.ItemsOf(page))
            {
                string name = KubernetesResource.NameOf(item);
                _nodes[name] = _resource.NodesOf(item);
                gone.Remove(name);
            }
        }

        foreach (string name in gone)
        {
            _nodes.TryRemove(name, out _);
        }

        _version = version;
        Volatile.Write(ref _heardAt, Stopwatch.GetTimestamp());
    }

    // Who may list and not watch has a list that soon is old: only now all is well.
    private void OnAccepted()
    {
        _failure = null;
        _tried.TrySetResult();
        _changed();
    }

    private async Task WatchOnceAsync()
    {
        await foreach (JsonElement happened in _client.WatchAsync(_version, OnAccepted, _stop.Token))
        {
            Volatile.Write(ref _heardAt, Stopwatch.GetTimestamp());
            JsonElement item = KubernetesResource.Member(happened, "object");
            string kind = KubernetesResource.Text(KubernetesResource.Member(happened, "type"));
            if (kind == "ERROR")
            {
                int code = KubernetesResource.Member(item, "code") is { ValueKind: JsonValueKind.Number } number
                    ? number.GetInt32()
                    : 0;
                throw new KubernetesRefusal(
                    (HttpStatusCode)code,
                    $"{code} while it watched {_resource.Kind}: {KubernetesResource.MessageOf(item)}");
            }

            if (KubernetesResource.VersionOf(item) is { Length: > 0 } version)
            {
                _version = version;
            }

            if (kind is "ADDED" or "MODIFIED" or "DELETED")
            {
                Take(kind, item);
                _changed();
            }
        }
    }

    private void Take(string kind, JsonElement item)
    {
        string name = KubernetesResource.NameOf(item);
        if (kind == "DELETED")
        {
            _nodes.TryRemove(name, out _);
        }
        else
        {
            _nodes[name] = _resource.NodesOf(item);
        }
    }

    // What was missed meanwhile is only in a new list.
    private void Fail(Exception e)
    {
        string reason = e switch
        {
            KubernetesRefusal => $"answered {e.Message}",
            NodeStoreException => e.Message,
            OperationCanceledException => "does not answer",
            JsonException => $"answered with what cannot be read: {e.Message}",
            HttpRequestException or IOException or AuthenticationException or UnauthorizedAccessException =>
                $"cannot be reached: {Innermost(e).Message}",
            _ => $"cannot be followed: {e.GetType().Name}: {e.Message}",
        };
        _version = "";
        _failure = $"the Kubernetes API at {_server.Authority} {reason}";
        _tried.TrySetResult();
        _changed();
    }

    private static Exception Innermost(Exception e) => e.InnerException is null ? e : Innermost(e.InnerException);
}

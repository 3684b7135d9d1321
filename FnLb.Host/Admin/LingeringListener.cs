using System.Net;
using Microsoft.AspNetCore.Connections;

namespace FnLb.Host.Admin;

/// <summary>Leaves some time between the end of accepting and the close of connections.</summary>
/// <remarks>
/// Kestrel closes what is idle as soon as it accepts no more. A client that was accepted just then has its request on
/// the way, and would be closed instead of answered.
/// </remarks>
internal sealed class LingeringListener(IConnectionListener inner) : IConnectionListener
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    public EndPoint EndPoint => inner.EndPoint;

    public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        inner.AcceptAsync(cancellationToken);

    /// <param name="cancellationToken">Cancelled: nobody waits for anything.</param>
    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await inner.UnbindAsync(cancellationToken);
        await Task.WhenAny(Task.Delay(Linger, cancellationToken));
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

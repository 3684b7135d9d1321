using System.Net;
using Microsoft.AspNetCore.Connections;

namespace FnLb.Host.Admin;

/// <summary>Makes listeners that linger; see <see cref="LingeringListener"/>.</summary>
internal sealed class LingeringTransport(IConnectionListenerFactory inner) : IConnectionListenerFactory
{
    public async ValueTask<IConnectionListener> BindAsync(
        EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new LingeringListener(await inner.BindAsync(endpoint, cancellationToken));
}

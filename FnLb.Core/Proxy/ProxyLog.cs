using FnLb.Core.Transport;
using Microsoft.Extensions.Logging;

namespace FnLb.Core.Proxy;

/// <summary>What the data plane says to the operator; ids 5000 to 5099.</summary>
internal static partial class ProxyLog
{
    [LoggerMessage(5000, LogLevel.Debug, "Client {Peer} was closed: its connection began with no whole PROXY header")]
    public static partial void ProxyHeaderRefused(ILogger logger, PeerAddress peer);
}

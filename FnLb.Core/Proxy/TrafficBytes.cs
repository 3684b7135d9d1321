namespace FnLb.Core.Proxy;

/// <summary>Bytes that passed the sockets, heads and framing included.</summary>
public readonly record struct TrafficBytes(long FromClients, long ToClients, long FromNodes, long ToNodes);

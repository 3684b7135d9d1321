namespace FnLb.Core.Transport;

/// <summary>What came of looking for a PROXY protocol header.</summary>
internal enum ProxyHeaderStatus : byte
{
    /// <summary>More bytes are needed.</summary>
    Incomplete,

    /// <summary>A header that names the client.</summary>
    Named,

    /// <summary>
    /// A header that names nobody (LOCAL, UNKNOWN, another address family): the connection's own peer is the client.
    /// </summary>
    Unnamed,

    /// <summary>No such header.</summary>
    Invalid,
}

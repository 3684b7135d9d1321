using System.Net;

namespace FnLb.Core.Health;

/// <summary>Looks up the addresses of a host name; the system's resolver outside tests.</summary>
public delegate Task<IPAddress[]> NameLookup(string host, CancellationToken cancellation);

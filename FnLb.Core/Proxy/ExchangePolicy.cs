using Microsoft.Extensions.ObjectPool;

namespace FnLb.Core.Proxy;

/// <summary>Makes the exchanges of one loop; they are reset when they end.</summary>
internal sealed class ExchangePolicy(ProxyLoop proxy) : IPooledObjectPolicy<Exchange>
{
    public Exchange Create() => new(proxy);

    public bool Return(Exchange obj) => true;
}

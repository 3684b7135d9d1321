using Microsoft.Extensions.ObjectPool;

namespace FnLb.Core.Transport;

/// <summary>Objects of one event loop that are used again. Only the loop's thread may use it.</summary>
/// <remarks>The default pool is for many threads: each get and return is an interlocked operation or several.</remarks>
/// <param name="keptMax">Of what comes back, so many wait to be used again.</param>
internal sealed class LoopPool<T>(IPooledObjectPolicy<T> policy, int keptMax) : ObjectPool<T>
    where T : class
{
    private readonly LoopStack<T> _kept = new(keptMax);

    public override T Get() => _kept.TryPop(out T? kept) ? kept : policy.Create();

    public override void Return(T obj)
    {
        if (policy.Return(obj))
        {
            _ = _kept.TryPush(obj);
        }
    }
}

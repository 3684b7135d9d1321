using Microsoft.Extensions.ObjectPool;

namespace FnLb.Core.Transport;

/// <summary>Objects of one event loop that are used again. Only the loop's thread may use it.</summary>
/// <remarks>The default pool is for many threads: each get and return is an interlocked operation or several.</remarks>
/// <param name="keptMax">Of what comes back, so many wait to be used again.</param>
internal sealed class LoopPool<T>(IPooledObjectPolicy<T> policy, int keptMax) : ObjectPool<T>
    where T : class
{
    private Kept[] _kept = new Kept[16];
    private int _count;

    public override T Get()
    {
        if (_count == 0)
        {
            return policy.Create();
        }

        ref Kept last = ref _kept[--_count];
        T item = last.Item;
        last = default;
        return item;
    }

    public override void Return(T obj)
    {
        if (!policy.Return(obj) || _count >= keptMax)
        {
            return;
        }

        if (_count == _kept.Length)
        {
            Array.Resize(ref _kept, _count * 2);
        }

        _kept[_count++] = new Kept(obj);
    }

    // An array of a class asks for the type of all that is put into it.
    private readonly record struct Kept(T Item);
}

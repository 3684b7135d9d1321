using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FnLb.Core.Transport;

/// <summary>What waits to be used again, used last first, up to a limit. Only the loop's thread may use it.</summary>
internal sealed class LoopStack<T>(int countMax)
    where T : class
{
    private Cell<T>[] _kept = new Cell<T>[int.Min(countMax, 16)];
    private int _count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPop([NotNullWhen(true)] out T? item)
    {
        if (_count == 0)
        {
            item = null;
            return false;
        }

        ref Cell<T> last = ref _kept[--_count];
        item = last.Item;
        last = default;
        return true;
    }

    /// <summary>Keeps it while there is room.</summary>
    public bool TryPush(T item)
    {
        if (_count == _kept.Length)
        {
            if (_count >= countMax)
            {
                return false;
            }

            Array.Resize(ref _kept, int.Min(_count * 2, countMax));
        }

        _kept[_count++] = new Cell<T>(item);
        return true;
    }

    public void Clear()
    {
        Array.Clear(_kept, 0, _count);
        _count = 0;
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FnLb.Core.Transport;

/// <summary>What waits to be used again, used last first, up to a limit. Only the loop's thread may use it.</summary>
/// <remarks>What is taken leaves its reference behind: mostly it comes back to the same place, and to write a reference
/// costs more than to see that it is there. So what never comes back stays in memory until another takes its place.
/// </remarks>
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

        item = _kept[--_count].Item;
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

        ref Cell<T> place = ref _kept[_count++];
        if (place.Item != item)
        {
            place = new Cell<T>(item);
        }

        return true;
    }

    public void Clear()
    {
        Array.Clear(_kept);
        _count = 0;
    }
}

using System.Diagnostics.CodeAnalysis;

namespace FnLb.Core.Transport;

/// <summary>
/// Maps the 64 bits that epoll carries to an object: a slot and its generation, so that an event for a closed
/// connection never reaches the one that took its slot.
/// </summary>
internal sealed class SlotTable<T>
    where T : class
{
    private readonly Stack<int> _free = new();
    private Entry[] _entries = new Entry[64];
    private int _used;

    /// <param name="data">What <see cref="TryGet"/> takes; never <see cref="ulong.MaxValue"/>.</param>
    /// <returns>The slot, for <see cref="Remove"/>.</returns>
    public int Add(T item, out ulong data)
    {
        if (!_free.TryPop(out int slot))
        {
            slot = _used++;
            if (slot == _entries.Length)
            {
                Array.Resize(ref _entries, _entries.Length * 2);
            }
        }

        ref Entry entry = ref _entries[slot];
        entry.Item = item;
        data = ((ulong)entry.Generation << 32) | (uint)slot;
        return slot;
    }

    public void Remove(int slot)
    {
        ref Entry entry = ref _entries[slot];
        entry.Item = null;
        entry.Generation = (entry.Generation + 1) & int.MaxValue;
        _free.Push(slot);
    }

    public bool TryGet(ulong data, [NotNullWhen(true)] out T? item)
    {
        ref Entry entry = ref _entries[(int)(uint)data];
        item = entry.Generation == (uint)(data >> 32) ? entry.Item : null;
        return item is not null;
    }

    private struct Entry
    {
        public T? Item;
        public uint Generation;
    }
}

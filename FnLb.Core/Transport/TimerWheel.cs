using System.Diagnostics;
using System.Numerics;

namespace FnLb.Core.Transport;

/// <summary>
/// Deadlines of one event loop: schedule, cancel and fire in constant time, late by at most one tick of 16 ms, never
/// early.
/// </summary>
/// <remarks>
/// A hashed wheel (Varghese and Lauck, scheme 6): an entry farther away than one revolution (65 s) stays in its slot
/// until its round has come. Not a heap, since almost every deadline of a proxy is moved or cancelled before it is due.
/// Callers that push a deadline out leave the entry where it is and schedule again when it fires, so a busy connection
/// costs nothing here.
/// </remarks>
internal sealed class TimerWheel
{
    private const int TickBits = 4;
    private const int SlotCount = 4096;
    private const int SlotMask = SlotCount - 1;

    private readonly TimerEntry?[] _slots = new TimerEntry?[SlotCount];
    private readonly ulong[] _occupied = new ulong[SlotCount / 64];

    // A bit for each word above that is not 0: they are 64, so one word has them all.
    private ulong _occupiedWords;
    private long _tick;

    // While a slot fires: the entry to look at next.
    private TimerEntry? _upcoming;

    public TimerWheel(long nowMilliseconds) => _tick = nowMilliseconds >> TickBits;

    /// <summary>Number of scheduled entries.</summary>
    public int Count { get; private set; }

    /// <summary>Schedules an entry, or moves it if it is scheduled already.</summary>
    public void Schedule(TimerEntry entry, long dueMilliseconds)
    {
        if (entry.IsScheduled)
        {
            Cancel(entry);
        }

        long dueTick = Math.Max((dueMilliseconds >> TickBits) + 1, _tick + 1);
        int slot = (int)(dueTick & SlotMask);
        TimerEntry? first = _slots[slot];
        entry.DueMilliseconds = dueMilliseconds;
        entry.WheelSlot = slot;
        entry.Next = first;
        entry.Previous = null;
        if (first is not null)
        {
            first.Previous = entry;
        }

        _slots[slot] = entry;
        _occupied[slot >> 6] |= 1UL << (slot & 63);
        _occupiedWords |= 1UL << (slot >> 6);
        Count++;
    }

    /// <summary>Takes an entry out; one that is not scheduled is no error.</summary>
    public void Cancel(TimerEntry entry)
    {
        if (!entry.IsScheduled)
        {
            return;
        }

        if (entry == _upcoming)
        {
            _upcoming = entry.Next;
        }

        int slot = entry.WheelSlot;
        if (entry.Previous is { } previous)
        {
            previous.Next = entry.Next;
        }
        else
        {
            Debug.Assert(_slots[slot] == entry, "An entry without a predecessor heads its slot.");
            _slots[slot] = entry.Next;
            if (entry.Next is null)
            {
                ulong left = _occupied[slot >> 6] &= ~(1UL << (slot & 63));
                _occupiedWords &= left != 0 ? ulong.MaxValue : ~(1UL << (slot >> 6));
            }
        }

        if (entry.Next is { } next)
        {
            next.Previous = entry.Previous;
        }

        entry.Previous = entry.Next = null;
        entry.WheelSlot = -1;
        Count--;
    }

    /// <summary>Fires every entry whose deadline has passed.</summary>
    /// <remarks>When one of them throws, those that are left fire with the next call.</remarks>
    public void Advance(long nowMilliseconds)
    {
        long target = nowMilliseconds >> TickBits;
        if (target - _tick > SlotCount)
        {
            _tick = target - SlotCount;
        }

        while (_tick < target)
        {
            _tick++;
            bool hasFired = false;
            try
            {
                FireSlot((int)(_tick & SlotMask), nowMilliseconds);
                hasFired = true;
            }
            finally
            {
                _tick -= hasFired ? 0 : 1;
            }
        }
    }

    /// <summary>
    /// How long a loop may sleep: milliseconds to the next occupied slot, -1 when nothing is scheduled.
    /// </summary>
    public int MillisecondsToNext(long nowMilliseconds)
    {
        if (Count == 0)
        {
            return -1;
        }

        long dueTick = NextOccupiedTick();
        return (int)Math.Max(0, (dueTick << TickBits) - nowMilliseconds);
    }

    private void FireSlot(int slot, long nowMilliseconds)
    {
        TimerEntry? entry = _slots[slot];
        while (entry is not null)
        {
            // An entry that fires may cancel those behind it, which moves the place to go on from. What it schedules
            // comes at the head of a slot, and belongs to a later tick.
            _upcoming = entry.Next;
            if (entry.DueMilliseconds <= nowMilliseconds)
            {
                Cancel(entry);
                entry.OnDue(nowMilliseconds);
            }

            entry = _upcoming;
        }
    }

    private long NextOccupiedTick()
    {
        Debug.Assert(_occupiedWords != 0, "What is counted is in a slot.");
        long first = _tick + 1;
        int word = (int)(first & SlotMask) >> 6;
        ulong bits = _occupied[word] & (ulong.MaxValue << (int)(first & 63));
        if (bits == 0)
        {
            // The next word in turn, which may be the first one again: what is before the present slot there.
            int ahead = BitOperations.TrailingZeroCount(BitOperations.RotateRight(_occupiedWords, word + 1));
            word = (word + 1 + ahead) & 63;
            bits = _occupied[word];
        }

        int slot = (word << 6) + BitOperations.TrailingZeroCount(bits);
        return first + ((slot - first) & SlotMask);
    }
}

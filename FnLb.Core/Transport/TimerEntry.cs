namespace FnLb.Core.Transport;

/// <summary>A deadline of one object, linked into a <see cref="TimerWheel"/>; owned by the loop's thread.</summary>
internal abstract class TimerEntry
{
    internal TimerEntry? Previous { get; set; }

    internal TimerEntry? Next { get; set; }

    /// <summary>Slot of the wheel; -1 while not scheduled.</summary>
    internal int WheelSlot { get; set; } = -1;

    /// <summary>When it fires, in the loop's milliseconds.</summary>
    internal long DueMilliseconds { get; set; }

    public bool IsScheduled => WheelSlot >= 0;

    /// <summary>The deadline has passed; the entry is no longer scheduled and may be scheduled again.</summary>
    public abstract void OnDue(long nowMilliseconds);
}

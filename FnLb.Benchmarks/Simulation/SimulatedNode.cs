namespace FnLb.Benchmarks.Simulation;

/// <summary>
/// The containers of one node: a call takes an idle container of its function, else one is started, in the place of the
/// longest idle one if there is no memory for more, else the call waits. What runs or starts needs a slot. A container
/// that gets free serves the longest waiting call of its function.
/// </summary>
/// <remarks>
/// The rules are those of the sample nodes of <c>fnlb demo</c>. That class serves real callers: it answers by tasks
/// that continue on the thread pool, and takes a lock and a timer for each step, so that its order of events is not
/// that of a simulated clock, and a run not repeatable.
/// </remarks>
internal sealed class SimulatedNode(int index, int slots, Scenario scenario, ClusterEvents events)
{
    private readonly List<SimulatedContainer> _idle = [];
    private readonly List<SimulatedCall> _waiting = [];
    private readonly Dictionary<SimulatedFunction, int> _containers = [];
    private readonly Dictionary<SimulatedFunction, int> _starting = [];
    private readonly Dictionary<SimulatedFunction, int> _covered = [];
    private readonly HashSet<SimulatedCall> _running = [];
    private readonly int _containersMax = slots * scenario.Workload.ContainersPerSlot;
    private int _used;

    // Containers that run or start.
    private int _busy;
    private bool _isEvictionDue;

    public int Index { get; } = index;

    public bool IsDown { get; private set; }

    /// <summary>Answers that it is busy to everything.</summary>
    public bool IsRefusing { get; set; }

    /// <summary>How much longer everything takes.</summary>
    public double Slowness { get; set; } = 1;

    /// <summary>Changes when everything on the node is lost: what was starting then never gets ready.</summary>
    public int Generation { get; private set; }

    public IReadOnlyDictionary<SimulatedFunction, int> Containers => _containers;

    /// <summary>Takes a call in.</summary>
    /// <returns>False when the node says that it is busy.</returns>
    public bool TryEnter(SimulatedCall call)
    {
        int idle = IsRefusing ? -1 : _idle.FindLastIndex(container => container.Function == call.Function);
        if (idle >= 0 && _busy < slots)
        {
            Run(TakeIdle(idle), call);
            return true;
        }

        if (IsRefusing || _waiting.Count >= scenario.QueueMax)
        {
            return false;
        }

        _waiting.Add(call);
        events.WaitLimited(call);
        StartWaiting();
        return true;
    }

    /// <summary>A container has started, or has run its call.</summary>
    public void Free(SimulatedContainer container, bool hasJustStarted)
    {
        _busy--;
        if (hasJustStarted)
        {
            _starting[container.Function]--;
        }

        int waiting = _waiting.FindIndex(call => call.Function == container.Function);
        if (waiting >= 0)
        {
            SimulatedCall call = _waiting[waiting];
            _waiting.RemoveAt(waiting);
            Run(container, call);
            return;
        }

        container.IsIdle = true;
        container.IdleSinceMicroseconds = events.NowMicroseconds;
        container.IdlePeriods++;
        _idle.Add(container);
        events.IdleLimited(container);
        StartWaiting();
    }

    /// <summary>A call has run.</summary>
    public void End(SimulatedCall call)
    {
        _ = _running.Remove(call);
        Free(call.Container!, hasJustStarted: false);
    }

    /// <summary>The container's idle time is over.</summary>
    public void EndIdle(SimulatedContainer container, int period)
    {
        if (container.IsIdle && !container.IsGone && container.IdlePeriods == period)
        {
            Remove(container);
        }
    }

    /// <summary>The longest idle container may be evicted now.</summary>
    public void Evict()
    {
        _isEvictionDue = false;
        StartWaiting();
    }

    /// <returns>Whether the call was waiting; it is not any more.</returns>
    public bool Withdraw(SimulatedCall call) => _waiting.Remove(call);

    /// <summary>Everything on the node is lost.</summary>
    public IReadOnlyList<SimulatedCall> Kill()
    {
        IsDown = true;
        SimulatedCall[] lost = [.. _running, .. _waiting];
        Clear();
        return lost;
    }

    /// <summary>The node starts anew, empty.</summary>
    public void Revive()
    {
        IsDown = false;
        _idle.ForEach(container => container.IsGone = true);
        _used -= _idle.Count;
        _idle.ForEach(container => _containers[container.Function]--);
        _idle.Clear();
    }

    private void Clear()
    {
        _idle.ForEach(container => container.IsGone = true);
        foreach (SimulatedCall call in _running)
        {
            call.Container!.IsGone = true;
        }

        _idle.Clear();
        _waiting.Clear();
        _running.Clear();
        _containers.Clear();
        _starting.Clear();
        _used = 0;
        _busy = 0;
        Generation++;
    }

    private void Run(SimulatedContainer container, SimulatedCall call)
    {
        _busy++;
        container.IsIdle = false;
        call.Container = container;
        _ = _running.Add(call);
        events.Started(call, Slowness);
    }

    // A start is under way for as many waiting calls of a function as it has containers that are starting; the longest
    // waiting calls without one come next.
    private void StartWaiting()
    {
        _covered.Clear();
        for (int next = 0; next < _waiting.Count && _busy < slots; next++)
        {
            SimulatedCall call = _waiting[next];
            int idle = _idle.FindLastIndex(container => container.Function == call.Function);
            if (idle >= 0)
            {
                _waiting.RemoveAt(next--);
                Run(TakeIdle(idle), call);
                continue;
            }

            int covered = _covered.GetValueOrDefault(call.Function);
            if (covered >= _starting.GetValueOrDefault(call.Function))
            {
                if (_used >= _containersMax && !EvictLongestIdle())
                {
                    return;
                }

                Launch(call.Function);
            }

            _covered[call.Function] = covered + 1;
        }
    }

    private SimulatedContainer TakeIdle(int index)
    {
        SimulatedContainer container = _idle[index];
        _idle.RemoveAt(index);
        return container;
    }

    private bool EvictLongestIdle()
    {
        if (_idle.Count == 0)
        {
            return false;
        }

        long evictable = _idle[0].IdleSinceMicroseconds + (long)(scenario.Workload.EvictAfterIdleSeconds * 1e6);
        if (evictable > events.NowMicroseconds)
        {
            if (!_isEvictionDue)
            {
                _isEvictionDue = true;
                events.EvictionDue(this, evictable);
            }

            return false;
        }

        Remove(_idle[0]);
        return true;
    }

    private void Launch(SimulatedFunction function)
    {
        SimulatedContainer container = new(this, function, Generation);
        _used++;
        _busy++;
        _containers[function] = _containers.GetValueOrDefault(function) + 1;
        _starting[function] = _starting.GetValueOrDefault(function) + 1;
        events.Launched(container, Slowness);
    }

    private void Remove(SimulatedContainer container)
    {
        container.IsGone = true;
        _ = _idle.Remove(container);
        _containers[container.Function]--;
        _used--;
    }
}

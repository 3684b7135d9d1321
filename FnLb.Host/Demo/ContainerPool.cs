namespace FnLb.Host.Demo;

/// <summary>
/// The containers of one Fn server, without the server: a call takes an idle container of its function, else a
/// container is started in a free slot, in the place of the longest idle one if there is no memory for more, else the
/// call queues. A container that gets free serves the longest waiting call of its function, whichever call it was
/// started for, as in Fn.
/// </summary>
/// <remarks>Any thread. An entry costs a walk over slots and queue: tens of each, so that lists are quicker than an
/// index.</remarks>
internal sealed class ContainerPool(SampleNodeOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(options.Seed);
    private readonly HashSet<Container> _containers = [];
    private readonly Dictionary<SampleFunction, int> _launching = [];
    private readonly Dictionary<SampleFunction, int> _covered = [];

    // Longest idle first, longest waiting first.
    private readonly List<Container> _idle = [];
    private readonly List<ContainerWaiter> _queue = [];
    private ContainerCounts _counts;

    /// <summary>How much longer a start takes than it should.</summary>
    public double Slowness { get; set; } = 1;

    public ContainerCounts Counts
    {
        get
        {
            lock (_gate)
            {
                return _counts with { Containers = _containers.Count, Waiting = _queue.Count };
            }
        }
    }

    /// <summary>Waits for a container of the function.</summary>
    /// <returns>A lease that ends the call when disposed; of kind Busy when there was no container in time.</returns>
    public Task<ContainerLease> EnterAsync(SampleFunction function, CancellationToken cancellation)
    {
        ContainerWaiter waiter;
        lock (_gate)
        {
            int index = _idle.FindLastIndex(container => container.Function == function);
            if (index >= 0 && Busy < options.Slots)
            {
                return Task.FromResult(Lease(TakeIdle(index), TimeSpan.Zero));
            }

            if (_queue.Count >= options.QueueMax)
            {
                return Task.FromResult(Refuse(TimeSpan.Zero));
            }

            waiter = new ContainerWaiter(function, time.GetTimestamp());
            waiter.Expiry = Once(() => Expire(waiter), options.QueueTimeout);
            _queue.Add(waiter);
            StartWaiting();
        }

        return cancellation.CanBeCanceled ? WaitAsync(waiter, cancellation) : waiter.Task;
    }

    /// <summary>A time around the mean, within the node's jitter.</summary>
    public TimeSpan Vary(TimeSpan mean)
    {
        lock (_gate)
        {
            return mean * (1 + (options.Jitter * ((2 * _random.NextDouble()) - 1)));
        }
    }

    // Starting, or running a call.
    private int Busy => _containers.Count - _idle.Count;

    private async Task<ContainerLease> WaitAsync(ContainerWaiter waiter, CancellationToken cancellation)
    {
        using CancellationTokenRegistration registration = cancellation.Register(() => Abandon(waiter));
        return await waiter.Task;
    }

    private void Abandon(ContainerWaiter waiter)
    {
        lock (_gate)
        {
            if (_queue.Remove(waiter))
            {
                waiter.Cancel();
            }
        }
    }

    private void Expire(ContainerWaiter waiter)
    {
        lock (_gate)
        {
            if (_queue.Remove(waiter))
            {
                waiter.Complete(Refuse(time.GetElapsedTime(waiter.Arrived)));
            }
        }
    }

    private ContainerLease Refuse(TimeSpan wait)
    {
        _counts = _counts with { Busy = _counts.Busy + 1 };
        return new ContainerLease(AdmissionKind.Busy, wait, release: null);
    }

    private ContainerLease Lease(Container container, TimeSpan wait)
    {
        AdmissionKind kind = wait <= TimeSpan.Zero ? AdmissionKind.Warm
            : container.IsFresh ? AdmissionKind.Cold
            : AdmissionKind.Queued;
        container.IsFresh = false;
        _counts = kind switch
        {
            AdmissionKind.Warm => _counts with { Warm = _counts.Warm + 1 },
            AdmissionKind.Cold => _counts with { Cold = _counts.Cold + 1 },
            _ => _counts with { Queued = _counts.Queued + 1 },
        };
        return new ContainerLease(kind, wait, () => Free(container));
    }

    // A start is under way for as many waiting calls of a function as it has containers that are starting; the longest
    // waiting calls without one come next.
    private void StartWaiting()
    {
        _covered.Clear();
        for (int next = 0; next < _queue.Count && Busy < options.Slots; next++)
        {
            ContainerWaiter waiter = _queue[next];
            int idle = _idle.FindLastIndex(container => container.Function == waiter.Function);
            if (idle >= 0)
            {
                _queue.RemoveAt(next--);
                waiter.Complete(Lease(TakeIdle(idle), time.GetElapsedTime(waiter.Arrived)));
                continue;
            }

            int covered = _covered.GetValueOrDefault(waiter.Function);
            if (covered >= _launching.GetValueOrDefault(waiter.Function))
            {
                if (_containers.Count >= options.Slots * options.ContainersPerSlot && !EvictLongestIdle())
                {
                    return;
                }

                Launch(waiter.Function);
            }

            _covered[waiter.Function] = covered + 1;
        }
    }

    private Container TakeIdle(int index)
    {
        Container container = _idle[index];
        _idle.RemoveAt(index);
        container.Timer?.Dispose();
        return container;
    }

    private bool EvictLongestIdle()
    {
        if (_idle.Count == 0)
        {
            return false;
        }

        Stop(_idle[0]);
        _counts = _counts with { Evictions = _counts.Evictions + 1 };
        return true;
    }

    private void Launch(SampleFunction function)
    {
        Container container = new(function);
        _containers.Add(container);
        _launching[function] = _launching.GetValueOrDefault(function) + 1;
        _counts = _counts with { Launches = _counts.Launches + 1 };
        container.Timer = Once(
            () =>
            {
                lock (_gate)
                {
                    _launching[function]--;
                    Offer(container);
                }
            },
            Vary(function.ColdStart) * Slowness);
    }

    private void Free(Container container)
    {
        lock (_gate)
        {
            Offer(container);
        }
    }

    private void Offer(Container container)
    {
        container.Timer?.Dispose();
        int index = _queue.FindIndex(waiter => waiter.Function == container.Function);
        if (index >= 0)
        {
            ContainerWaiter waiter = _queue[index];
            _queue.RemoveAt(index);
            waiter.Complete(Lease(container, time.GetElapsedTime(waiter.Arrived)));
            return;
        }

        _idle.Add(container);
        int idleTime = ++container.IdleTimes;
        container.Timer = Once(() => EndIdle(container, idleTime), container.Function.IdleTimeout);
        StartWaiting();
    }

    private void EndIdle(Container container, int idleTime)
    {
        lock (_gate)
        {
            // A call may have taken it, and may even have left it again, while this waited for the lock.
            if (container.IdleTimes == idleTime && _idle.Contains(container))
            {
                Stop(container);
            }
        }
    }

    private void Stop(Container container)
    {
        container.Timer?.Dispose();
        _idle.Remove(container);
        _containers.Remove(container);
    }

    private ITimer Once(Action action, TimeSpan delay) =>
        time.CreateTimer(static state => ((Action)state!)(), action, delay, Timeout.InfiniteTimeSpan);
}

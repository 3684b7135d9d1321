namespace FnLb.Host.Lifecycle;

/// <summary>Writes the state file while the balancer serves, since a process that is killed writes nothing.</summary>
/// <param name="path">Where it is now; empty for nowhere.</param>
/// <param name="state">What there is to know; asked on a thread of the pool.</param>
internal sealed class StateKeeper(Func<string> path, Func<ServiceState> state, TimeProvider time, ILogger logger)
{
    /// <summary>Half of the time after which a file is too old to be used.</summary>
    public static readonly TimeSpan Interval = StateFile.AgeMax / 2;

    private string? _failure;

    /// <summary>Runs until it is cancelled, which is no error; the first time at once, so that a path that cannot be
    /// written to is told at the start.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                Write();
                await Task.Delay(Interval, time, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // The process stops, or another keeps the file.
        }
    }

    /// <summary>
    /// Writes it now. A failure costs the next process a cold start, and is logged when it is a new one.
    /// </summary>
    public void Write()
    {
        string file = path();
        string? failure = file.Length > 0 ? StateFile.Write(file, state()) : null;
        if (failure is not null && failure != _failure)
        {
            HostLog.StateUnwritable(logger, file, failure);
        }

        _failure = failure;
    }
}

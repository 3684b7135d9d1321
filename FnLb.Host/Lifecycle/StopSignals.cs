using System.Runtime.InteropServices;

namespace FnLb.Host.Lifecycle;

/// <summary>SIGTERM, SIGINT and SIGQUIT: the first asks to stop, the second not to wait.</summary>
/// <remarks>systemd signals every process of the service, so that what one tells the other must not count as well.
/// </remarks>
internal sealed class StopSignals : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;
    private readonly TaskCompletionSource<PosixSignal> _first = NewSource();
    private readonly TaskCompletionSource<PosixSignal> _second = NewSource();
    private readonly CancellationTokenSource _impatience = new();

    // Written by the threads that signals come on.
    private int _signals;

    public StopSignals()
    {
        PosixSignal[] signals = [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT];
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
    }

    public Task<PosixSignal> First => _first.Task;

    public Task<PosixSignal> Second => _second.Task;

    /// <summary>Cancelled by the second.</summary>
    public CancellationToken Impatience => _impatience.Token;

    /// <summary>Asks to stop as a signal does, but counts as none: the next one is the first.</summary>
    public void Ask() => _ = _first.TrySetResult(PosixSignal.SIGTERM);

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _impatience.Dispose();
    }

    private static TaskCompletionSource<PosixSignal> NewSource() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _signals) == 1)
        {
            _ = _first.TrySetResult(context.Signal);
        }
        else if (_second.TrySetResult(context.Signal))
        {
            _impatience.Cancel();
        }
    }
}

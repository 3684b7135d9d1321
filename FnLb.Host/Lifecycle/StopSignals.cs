using System.Runtime.InteropServices;

namespace FnLb.Host.Lifecycle;

/// <summary>SIGTERM, SIGINT and SIGQUIT: the first asks to stop, the second not to wait.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;
    private readonly TaskCompletionSource<PosixSignal> _first = NewSource();
    private readonly TaskCompletionSource<PosixSignal> _second = NewSource();
    private readonly CancellationTokenSource _impatience = new();

    public StopSignals()
    {
        PosixSignal[] signals = [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT];
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
    }

    public Task<PosixSignal> First => _first.Task;

    public Task<PosixSignal> Second => _second.Task;

    /// <summary>Cancelled by the second.</summary>
    public CancellationToken Impatience => _impatience.Token;

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
        if (!_first.TrySetResult(context.Signal) && _second.TrySetResult(context.Signal))
        {
            _impatience.Cancel();
        }
    }
}

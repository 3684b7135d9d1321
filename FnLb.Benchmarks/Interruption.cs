using System.Runtime.InteropServices;

namespace FnLb.Benchmarks;

/// <summary>
/// Turns the first INT, TERM, HUP or QUIT into a cancellation: a run then ends what it started and deletes its files.
/// </summary>
/// <remarks>The second one does what signals do by default: it ends the process at once.</remarks>
internal sealed class Interruption : IDisposable
{
    // What shells add to the number of a signal that ended a program.
    private const int ExitCodeBase = 128;

    private static readonly Dictionary<PosixSignal, int> Numbers = new()
    {
        [PosixSignal.SIGHUP] = 1,
        [PosixSignal.SIGINT] = 2,
        [PosixSignal.SIGQUIT] = 3,
        [PosixSignal.SIGTERM] = 15,
    };

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _signal;

    public Interruption() =>
        _registrations = [.. Numbers.Keys.Select(signal => PosixSignalRegistration.Create(signal, Handle))];

    public CancellationToken Token => _source.Token;

    /// <summary>128 and the number of the signal; null while there was none.</summary>
    public int? ExitCode => Volatile.Read(ref _signal) is > 0 and int number ? ExitCodeBase + number : null;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (Interlocked.CompareExchange(ref _signal, Numbers[context.Signal], 0) == 0)
        {
            context.Cancel = true;
            _source.Cancel();
        }
    }
}

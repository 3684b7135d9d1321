using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace FnLb.Host.Lifecycle;

/// <summary>SIGHUP asks to reload, SIGUSR2 to hand over to a new process.</summary>
internal sealed class RequestSignals : IDisposable
{
    public const PosixSignal Reload = PosixSignal.SIGHUP;

    // .NET has no name for it; the number is that of Linux on x86 and Arm.
    public const PosixSignal HandOver = (PosixSignal)12;

    private readonly PosixSignalRegistration[] _registrations;

    // One of each that waits is enough: it is answered with what is then so.
    private readonly Channel<PosixSignal> _requests = Channel.CreateBounded<PosixSignal>(
        new BoundedChannelOptions(2) { FullMode = BoundedChannelFullMode.DropWrite });

    public RequestSignals()
    {
        PosixSignal[] signals = [Reload, HandOver];
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, OnRequest))];
    }

    /// <summary>Waits for the next request.</summary>
    public async Task<PosixSignal> NextAsync(CancellationToken cancellation) =>
        await _requests.Reader.ReadAsync(cancellation);

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void OnRequest(PosixSignalContext context)
    {
        context.Cancel = true;
        _ = _requests.Writer.TryWrite(context.Signal);
    }
}

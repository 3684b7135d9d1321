namespace FnLb.Host.Demo;

/// <summary>A container held by one call until disposed; without a container when the node was busy.</summary>
internal sealed class ContainerLease(AdmissionKind kind, TimeSpan wait, Action? release) : IDisposable
{
    private Action? _release = release;

    public AdmissionKind Kind => kind;

    /// <summary>From the arrival of the call until its container was there.</summary>
    public TimeSpan Wait => wait;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}

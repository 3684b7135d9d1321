namespace FnLb.Host.Demo;

/// <summary>A call in the queue of a sample node. Guarded by the lock of its pool.</summary>
/// <param name="arrived">A timestamp of the pool's clock.</param>
internal sealed class ContainerWaiter(SampleFunction function, long arrived)
{
    // The call goes on outside the lock under which it got its container.
    private readonly TaskCompletionSource<ContainerLease> _lease =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SampleFunction Function => function;

    public long Arrived => arrived;

    public ITimer? Expiry { get; set; }

    public Task<ContainerLease> Task => _lease.Task;

    public void Complete(ContainerLease lease)
    {
        Expiry?.Dispose();
        _lease.TrySetResult(lease);
    }

    public void Cancel()
    {
        Expiry?.Dispose();
        _lease.TrySetCanceled();
    }
}

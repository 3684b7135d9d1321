using System.Net.Sockets;

namespace FnLb.Host.Lifecycle;

/// <summary>
/// The process whose place this one takes. Once it has given its state, this one can go on without it.
/// </summary>
internal sealed class Predecessor(Socket control, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>Naming another process to systemd takes it no time; one that is stopped holds nobody up.</summary>
    private static readonly TimeSpan StepBackMax = TimeSpan.FromSeconds(5);

    /// <summary>It takes moments: for a change of the list that is under way, for one process to end.</summary>
    private static readonly TimeSpan TurnMax = TimeSpan.FromSeconds(30);

    private readonly HandOverChannel _channel = new(control);

    /// <summary>Says who this is.</summary>
    /// <returns>What it has learned; null from another version.</returns>
    /// <exception cref="StartException">
    /// It has gone, wants no successor any more, or says nothing: which of them cannot be told, and it may serve.
    /// </exception>
    /// <exception cref="OperationCanceledException">This process was asked to stop.</exception>
    public async Task<ServiceState?> GreetAsync(CancellationToken stop)
    {
        try
        {
            return await WithinTurnAsync(
                async limited =>
                {
                    await _channel.SendNumberAsync(Environment.ProcessId, limited);
                    return await _channel.ReadStateAsync(limited);
                },
                stop);
        }
        catch (IOException e)
        {
            throw new StartException($"the balancer that hands over has gone: {e.Message}", e);
        }
    }

    /// <summary>Says that this process is ready, and waits until it may begin.</summary>
    /// <returns>The node list, which it changes no more; null when a store has the list or it has died.</returns>
    /// <exception cref="StartException">It says nothing: it may go on any time, and serve.</exception>
    /// <exception cref="OperationCanceledException">This process was asked to stop.</exception>
    public async Task<ServiceState?> WaitForTurnAsync(CancellationToken stop)
    {
        try
        {
            return await WithinTurnAsync(
                async limited =>
                {
                    await _channel.SayDoneAsync(limited);
                    return await _channel.ReadListAsync(limited);
                },
                stop);
        }
        catch (IOException e)
        {
            // Whoever only wants no successor any more kills it.
            HostLog.PredecessorDied(logger, e.Message);
            return null;
        }
    }

    /// <summary>Says that this process serves.</summary>
    /// <returns>Completes when that is the service to systemd too; whether the service was asked to stop before it.
    /// </returns>
    public async Task<bool> ReplaceAsync()
    {
        using CancellationTokenSource limit = new(StepBackMax, time);
        try
        {
            await _channel.SayDoneAsync(limit.Token);
            return await _channel.WaitForServiceAsync(limit.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Dead or stopped, it leaves the sockets to this process all the same.
            return false;
        }
    }

    /// <returns>How many calls its drain has cut; completes when it ends.</returns>
    public async Task<int> CutAsync()
    {
        try
        {
            return await _channel.ReadNumberAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It cut nothing, or this process ends before it.
            return 0;
        }
    }

    public void Dispose() => _channel.Dispose();

    private async Task<ServiceState?> WithinTurnAsync(
        Func<CancellationToken, Task<ServiceState?>> talk, CancellationToken stop)
    {
        using CancellationTokenSource expiry = new(TurnMax, time);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(stop, expiry.Token);
        try
        {
            return await talk(limit.Token);
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw new StartException(
                $"the balancer that hands over said nothing for {TurnMax.TotalSeconds} s: it may be stopped, and "
                    + "keeps the service",
                e);
        }
    }
}

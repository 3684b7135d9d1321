using System.Net.Sockets;

namespace FnLb.Host.Lifecycle;

/// <summary>
/// The process whose place this one takes. Once it has given its state, this one can go on without it.
/// </summary>
internal sealed class Predecessor(Socket control, ILogger logger) : IDisposable
{
    /// <summary>Naming another process to systemd takes it no time; one that is stopped holds nobody up.</summary>
    private static readonly TimeSpan StepBackMax = TimeSpan.FromSeconds(5);

    private readonly HandOverChannel _channel = new(control);

    /// <summary>Says who this is.</summary>
    /// <returns>What it has learned; null from another version.</returns>
    /// <exception cref="StartException">
    /// It has gone, or wants no successor any more: which of the two cannot be told, and it may serve.
    /// </exception>
    public async Task<ServiceState?> GreetAsync()
    {
        try
        {
            await _channel.SendNumberAsync(Environment.ProcessId, CancellationToken.None);
            return await _channel.ReadStateAsync(CancellationToken.None);
        }
        catch (IOException e)
        {
            throw new StartException($"the balancer that hands over has gone: {e.Message}", e);
        }
    }

    /// <summary>Says that this process is ready, and waits until it may begin.</summary>
    /// <returns>The node list, which it changes no more; null when a store has the list or it has died.</returns>
    public async Task<ServiceState?> WaitForTurnAsync()
    {
        try
        {
            await _channel.SayDoneAsync(CancellationToken.None);
            return await _channel.ReadListAsync(CancellationToken.None);
        }
        catch (IOException e)
        {
            // Whoever only wants no successor any more kills it.
            HostLog.PredecessorDied(logger, e.Message);
            return null;
        }
    }

    /// <summary>Says that this process serves.</summary>
    /// <returns>Completes when that is the service to systemd too.</returns>
    public async Task ReplaceAsync()
    {
        using CancellationTokenSource limit = new(StepBackMax);
        try
        {
            await _channel.SayDoneAsync(limit.Token);
            _ = await _channel.WaitForDoneAsync(limit.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Dead or stopped, it leaves the sockets to this process all the same.
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
}

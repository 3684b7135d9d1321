using System.Data;
using System.Data.Common;
using System.Diagnostics;
using FnLb.Core.Nodes;

namespace FnLb.Host.Stores;

/// <summary>The connection to a database: opened when it is needed, used by one at a time.</summary>
/// <param name="shown">What failures call the database; no secrets.</param>
internal sealed class SqlDatabase(SqlDialect dialect, string shown) : IAsyncDisposable
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1);
    private DbConnection? _kept;

    // Whether the last use has found its connection closed, or closed it: what the database refuses it refuses again.
    private bool _isLost;
    private bool _isPrepared;

    public SqlDialect Dialect => dialect;

    /// <summary>Uses the connection when it is free. A use may run twice: it must come to the same as once.</summary>
    /// <param name="cancellation">Ends the waiting, not the use: it may still be made.</param>
    /// <exception cref="NodeStoreException">The database failed.</exception>
    /// <remarks>On a thread of the pool: SQLite knows only blocking calls, which may wait for another balancer's write.
    /// </remarks>
    public Task<T> UseAsync<T>(Func<DbConnection, Task<T>> use, CancellationToken cancellation)
    {
        Task<T> running = Task.Run(
            async () =>
            {
                await _turn.WaitAsync(cancellation);
                try
                {
                    return await UseInTurnAsync(use);
                }
                finally
                {
                    _turn.Release();
                }
            },
            cancellation);
        return running.WaitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        // What is under way ends by its own time limit, or with the process.
        bool isFree = await _turn.WaitAsync(AtOnce);
        if (isFree && _kept is not null)
        {
            await dialect.CloseAsync(_kept);
        }

        await dialect.DisposeAsync();
        if (isFree)
        {
            _turn.Dispose();
        }
    }

    private async Task<T> UseInTurnAsync<T>(Func<DbConnection, Task<T>> use)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            if (_kept is not null)
            {
                try
                {
                    return await UseOnceAsync(use);
                }
                catch (Exception e) when (dialect.IsFailure(e) && _isLost && Stopwatch.GetElapsedTime(started) < AtOnce)
                {
                    // A database that was restarted meanwhile has closed the connection, which only a use finds out.
                }
            }

            return await UseOnceAsync(use);
        }
        catch (Exception e) when (dialect.IsFailure(e))
        {
            throw new NodeStoreException($"the node store {shown} failed: {Reason(e)}", e);
        }
    }

    private async Task<T> UseOnceAsync<T>(Func<DbConnection, Task<T>> use)
    {
        DbConnection connection = _kept ?? await dialect.OpenAsync();
        bool isGood = false;
        try
        {
            // Only once: a table that was dropped later is a failure and not an empty cluster.
            if (!_isPrepared)
            {
                await dialect.PrepareAsync(connection);
                _isPrepared = true;
            }

            T result = await use(connection);
            isGood = true;
            return result;
        }
        finally
        {
            _isLost = connection.State != ConnectionState.Open;
            _kept = isGood && dialect.KeepsConnection ? connection : null;
            if (_kept is null)
            {
                await dialect.CloseAsync(connection);
            }
        }
    }

    // The drivers tell the cause in inner exceptions, and break lines where a log must not.
    private static string Reason(Exception e)
    {
        string reason = e.Message;
        for (Exception? inner = e.InnerException; inner is not null; inner = inner.InnerException)
        {
            if (!reason.Contains(inner.Message, StringComparison.Ordinal))
            {
                reason += $": {inner.Message}";
            }
        }

        return string.Join(' ', reason.Split((char[])['\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
    }
}

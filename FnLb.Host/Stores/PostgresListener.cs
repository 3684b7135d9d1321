using Npgsql;

namespace FnLb.Host.Stores;

/// <summary>A connection of its own on which PostgreSQL tells that the list has changed.</summary>
internal sealed class PostgresListener : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly string _shown;
    private readonly Action _changed;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _listening;
    private bool _isReported;

    /// <param name="source">Owned by this from now on.</param>
    public PostgresListener(NpgsqlDataSource source, string shown, Action changed, ILogger logger)
    {
        _source = source;
        _shown = shown;
        _changed = changed;
        _logger = logger;
        _listening = Task.Run(ListenAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _listening;
        await _source.DisposeAsync();
        _stop.Dispose();
    }

    private async Task ListenAsync()
    {
        Backoff backoff = new();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ListenOnceAsync(backoff);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it was, the list would be late for ever if nobody listened any more.
                Report(e);
            }

            await Task.Delay(backoff.Next(), _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenOnceAsync(Backoff backoff)
    {
        await using NpgsqlConnection connection = await _source.OpenConnectionAsync(_stop.Token);
        connection.Notification += (_, _) => _changed();
        await connection.ExecuteAsync($"LISTEN {PostgresDialect.Channel}");
        if (_isReported)
        {
            _isReported = false;
            StoreLog.ListensAgain(_logger, _shown);
        }

        // What happened while nobody listened was not told.
        _changed();
        backoff.Reset();
        while (true)
        {
            await connection.WaitAsync(_stop.Token);
        }
    }

    private void Report(Exception e)
    {
        if (!_isReported)
        {
            _isReported = true;
            StoreLog.DoesNotListen(_logger, _shown, e.Message);
        }
    }
}

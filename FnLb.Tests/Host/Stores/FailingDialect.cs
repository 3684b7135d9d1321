using System.Data.Common;
using FnLb.Host.Stores;

namespace FnLb.Tests.Host.Stores;

/// <summary>A database to which no connection can be made.</summary>
internal sealed class FailingDialect : SqlDialect
{
    private int _opens;

    /// <summary>The failure waits for it; null for none.</summary>
    public TaskCompletionSource? MayFail { get; init; }

    /// <summary>How often a connection was asked for.</summary>
    public int Opens => Volatile.Read(ref _opens);

    public override bool KeepsConnection => true;

    public override string Now => "0";

    public override async Task<DbConnection> OpenAsync()
    {
        Interlocked.Increment(ref _opens);
        await (MayFail?.Task ?? Task.CompletedTask);
        throw new IOException("it is away");
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

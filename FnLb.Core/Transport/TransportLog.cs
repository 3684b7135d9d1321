using Microsoft.Extensions.Logging;

namespace FnLb.Core.Transport;

/// <summary>Log lines of the transport, 5900-5999.</summary>
internal static partial class TransportLog
{
    [LoggerMessage(5900, LogLevel.Error, "Loop {Loop}: a connection was closed because of a defect in this program")]
    public static partial void HandlerFailed(ILogger logger, int loop, Exception exception);

    [LoggerMessage(5901, LogLevel.Error, "Loop {Loop}: an action failed because of a defect in this program")]
    public static partial void ActionFailed(ILogger logger, int loop, Exception exception);

    [LoggerMessage(
        5902,
        LogLevel.Warning,
        "Loop {Loop}: no new connection can be accepted (errno {Error}); trying again in {RetryMilliseconds} ms")]
    public static partial void AcceptFailed(ILogger logger, int loop, int error, int retryMilliseconds);
}

namespace FnLb.Host.Admin;

/// <summary>What the admin API says to the operator; ids 2000 to 2099.</summary>
internal static partial class AdminLog
{
    [LoggerMessage(2000, LogLevel.Error, "{Method} /1/lb/nodes was answered {Status}: {Error}")]
    public static partial void StoreFailed(ILogger logger, string method, int status, string error);
}

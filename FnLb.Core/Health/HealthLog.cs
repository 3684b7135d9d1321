using System.Net;
using Microsoft.Extensions.Logging;

namespace FnLb.Core.Health;

/// <summary>What the health checks say to the operator; ids 3000 to 3099.</summary>
internal static partial class HealthLog
{
    [LoggerMessage(3000, LogLevel.Information, "Node {Node} is {State} (was {Was}): {Reason}")]
    public static partial void StateChanged(
        ILogger logger, string node, string state, string was, string reason);

    [LoggerMessage(3001, LogLevel.Debug, "A check of node {Node} failed: {Reason}")]
    public static partial void CheckFailed(ILogger logger, string node, string reason);

    [LoggerMessage(3002, LogLevel.Warning, "The name of node {Node} could not be resolved: {Error}")]
    public static partial void LookupFailed(ILogger logger, string node, string error);

    [LoggerMessage(3003, LogLevel.Information, "Node {Node} is at {Address}")]
    public static partial void Resolved(ILogger logger, string node, IPAddress address);
}

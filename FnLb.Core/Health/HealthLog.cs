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

    [LoggerMessage(3004, LogLevel.Warning, "Node {Node} is to take no calls for {Time}: {Reason}")]
    public static partial void Ejected(ILogger logger, string node, TimeSpan time, string reason);

    [LoggerMessage(3005, LogLevel.Error, "{Out} of {Nodes} nodes would be out: calls go to some that fail them")]
    public static partial void PanicBegins(ILogger logger, int @out, int nodes);

    [LoggerMessage(3006, LogLevel.Information, "{Out} of {Nodes} nodes are out: no longer too many")]
    public static partial void PanicEnds(ILogger logger, int @out, int nodes);

    [LoggerMessage(3007, LogLevel.Warning, "Node {Node} could not be checked and stays as it is: {Reason}")]
    public static partial void CheckImpossible(ILogger logger, string node, string reason);
}

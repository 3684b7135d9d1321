namespace FnLb.Host.Stores;

/// <summary>What the stores and the membership say to the operator; ids 4000 to 4099.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(4000, LogLevel.Warning,
        "A row of the node store is left out: {Error}. DELETE /1/lb/nodes with its text removes it")]
    public static partial void BadRow(ILogger logger, string error);

    [LoggerMessage(4005, LogLevel.Warning, "A row of the node store is taken with its defaults: {Error}")]
    public static partial void BadColumn(ILogger logger, string error);

    [LoggerMessage(4006, LogLevel.Information, "Node {Node} is {State}, its weight is {Weight}")]
    public static partial void Changed(ILogger logger, string node, string state, double weight);

    [LoggerMessage(4001, LogLevel.Error, "The last known list of {Nodes} nodes serves on: {Error}")]
    public static partial void ReadFailed(ILogger logger, int nodes, string error);

    [LoggerMessage(4002, LogLevel.Information, "The node store can be read again")]
    public static partial void ReadRecovered(ILogger logger);

    [LoggerMessage(4003, LogLevel.Information, "Node {Node} joined")]
    public static partial void Joined(ILogger logger, string node);

    [LoggerMessage(4004, LogLevel.Information, "Node {Node} left")]
    public static partial void Left(ILogger logger, string node);
}

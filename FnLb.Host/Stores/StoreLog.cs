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

    [LoggerMessage(4007, LogLevel.Warning, "Waiting up to {Seconds} s for the node list: {Error}")]
    public static partial void Waiting(ILogger logger, double seconds, string error);

    [LoggerMessage(4008, LogLevel.Warning, "Starting without the store on {Nodes} nodes that are known: {Error}")]
    public static partial void StartsWithout(ILogger logger, int nodes, string error);

    [LoggerMessage(4009, LogLevel.Warning, "The nodes of -nodes serve, but are not in the store yet: {Error}")]
    public static partial void NotAdded(ILogger logger, string error);

    [LoggerMessage(4010, LogLevel.Warning,
        "{Store} tells of no changes, they are looked for each hc-interval: the trigger is missing: {Error}")]
    public static partial void NoTrigger(ILogger logger, string store, string error);

    [LoggerMessage(4011, LogLevel.Warning,
        "{Store} tells of no changes for now, they are looked for each hc-interval: {Error}")]
    public static partial void DoesNotListen(ILogger logger, string store, string error);

    [LoggerMessage(4012, LogLevel.Information, "{Store} tells of changes again")]
    public static partial void ListensAgain(ILogger logger, string store);

    [LoggerMessage(4013, LogLevel.Warning, "Other balancers do not see this one in the store: {Error}")]
    public static partial void NotRegistered(ILogger logger, string error);

    [LoggerMessage(4014, LogLevel.Warning,
        "Another balancer calls itself {Name} too, only one of them is seen at a time: give each its own -name")]
    public static partial void SameName(ILogger logger, string name);
}

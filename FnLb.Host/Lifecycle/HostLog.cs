using System.Net;
using System.Runtime.InteropServices;
using FnLb.Host.CommandLine;

namespace FnLb.Host.Lifecycle;

/// <summary>What the process says to the operator about its own life; ids 1000 to 1099.</summary>
internal static partial class HostLog
{
    [LoggerMessage(1000, LogLevel.Information,
        "fnlb {Version} listens on {Traffic}, node API on {Admin}, {Nodes} nodes from {Store}, {Loops} event loops")]
    public static partial void Started(
        ILogger logger, string version, EndPoint traffic, string admin, int nodes, object store, int loops);

    [LoggerMessage(1001, LogLevel.Information, "{Signal}: no new calls; running ones may end {Limit}")]
    public static partial void Stopping(ILogger logger, PosixSignal signal, string limit);

    [LoggerMessage(1002, LogLevel.Warning, "{Signal} again: running calls are cut")]
    public static partial void Cutting(ILogger logger, PosixSignal signal);

    [LoggerMessage(1003, LogLevel.Information, "Stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(1005, LogLevel.Warning, "{Calls} calls that still ran were cut")]
    public static partial void CallsCut(ILogger logger, int calls);

    [LoggerMessage(1006, LogLevel.Warning, "The state file {Path} cannot be read: {Error}")]
    public static partial void StateUnreadable(ILogger logger, string path, string error);

    [LoggerMessage(1007, LogLevel.Warning, "The state file {Path} cannot be written: {Error}")]
    public static partial void StateUnwritable(ILogger logger, string path, string error);

    [LoggerMessage(1008, LogLevel.Information, "{Functions} functions and {Nodes} nodes are known from before")]
    public static partial void StateTaken(ILogger logger, int functions, int nodes);

    [LoggerMessage(1010, LogLevel.Information, "Handing over to {Program}")]
    public static partial void HandingOver(ILogger logger, string program);

    [LoggerMessage(1011, LogLevel.Information,
        "Handed over to process {Process}; {Calls} calls run here, and may end {Limit}")]
    public static partial void HandedOver(ILogger logger, int process, int calls, string limit);

    [LoggerMessage(1012, LogLevel.Error, "The hand-over failed, this process goes on: {Reason}")]
    public static partial void HandOverFailed(ILogger logger, string reason);

    [LoggerMessage(1013, LogLevel.Information, "Reloaded: {Changed}")]
    public static partial void Reloaded(ILogger logger, string changed);

    [LoggerMessage(1014, LogLevel.Warning, "Not reloaded, nothing changes: {Error}")]
    public static partial void NotReloaded(ILogger logger, string error);

    [LoggerMessage(1015, LogLevel.Warning,
        "{Options} cannot change while this process runs: SIGUSR2 (systemctl reload) hands over to one that has it")]
    public static partial void NeedsNewProcess(ILogger logger, string options);

    [LoggerMessage(1016, LogLevel.Warning,
        "{Options} cannot change by a hand-over either, which keeps sockets and node list: restart the service")]
    public static partial void NeedsRestart(ILogger logger, string options);

    [LoggerMessage(1017, LogLevel.Warning,
        "{Flag} \"{Asked}\" has no effect: the socket was handed over, and listens on {Actual}; a restart binds anew")]
    public static partial void AddressKept(ILogger logger, string flag, ListenAddress asked, EndPoint actual);

    [LoggerMessage(1018, LogLevel.Warning,
        "-nodes names {Nodes}, not in the list that was handed over: add them by the node API, or restart the service")]
    public static partial void NodesKeptOut(ILogger logger, string nodes);

    [LoggerMessage(1019, LogLevel.Warning,
        "The process that was handing over has died, this one goes on alone: {Error}")]
    public static partial void PredecessorDied(ILogger logger, string error);
}

using System.ComponentModel;
using System.Diagnostics;

namespace FnLb.Host.Lifecycle;

/// <summary>The process between a balancer and its successor: it starts that and ends at once.</summary>
/// <remarks>
/// So the successor is a child of the first process, which is systemd, before it becomes the service. systemd waits
/// only for its own children: any other main process it would kill in the same moment as it asks it to stop.
/// </remarks>
internal static class Launcher
{
    /// <summary>Set to 1 for a process that is to be one.</summary>
    public const string Variable = "FNLB_HANDOVER_LAUNCH";

    public static bool IsAskedFor(Func<string, string?> variable) => variable(Variable) == "1";

    /// <returns>0; 1 when the executable cannot be started.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new(Successor.Program, arguments);
        _ = start.Environment.Remove(Variable);
        try
        {
            using Process? successor = Process.Start(start);
            return 0;
        }
        catch (Win32Exception e)
        {
            await Console.Error.WriteLineAsync($"fnlb: {Successor.Program}: {e.Message}");
            return 1;
        }
    }
}

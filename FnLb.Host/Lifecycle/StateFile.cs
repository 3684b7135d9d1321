using System.Text.Json;

namespace FnLb.Host.Lifecycle;

/// <summary>What one process leaves to the next when a restart is all that joins them.</summary>
internal static class StateFile
{
    /// <summary>Containers that saw no call for so long are gone, whatever the file says.</summary>
    private static readonly TimeSpan AgeMax = TimeSpan.FromMinutes(1);

    /// <returns>Null when there is no such file, or nothing in it that is still worth knowing.</returns>
    public static ServiceState? Read(string path, TimeProvider time, ILogger logger)
    {
        if (path.Length == 0 || !File.Exists(path))
        {
            return null;
        }

        try
        {
            ServiceState? state = JsonSerializer.Deserialize(
                File.ReadAllBytes(path), StateJson.Default.ServiceState);
            TimeSpan age = time.GetUtcNow() - (state?.TakenAt ?? default);
            return state is { IsReadable: true } && age >= TimeSpan.Zero && age <= AgeMax ? state : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            HostLog.StateUnreadable(logger, path, e.Message);
            return null;
        }
    }

    /// <summary>Replaces the file in one step; a failure is logged and costs the next process a cold start.</summary>
    public static void Write(string path, ServiceState state, ILogger logger)
    {
        if (path.Length == 0)
        {
            return;
        }

        try
        {
            string next = path + ".new";
            File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(state, StateJson.Default.ServiceState));
            File.Move(next, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            HostLog.StateUnwritable(logger, path, e.Message);
        }
    }
}

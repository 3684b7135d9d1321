using System.Text.Json;

namespace FnLb.Host.Lifecycle;

/// <summary>What one process leaves to the next when a restart is all that joins them.</summary>
internal static class StateFile
{
    /// <summary>Containers that saw no call for so long are gone, whatever the file says.</summary>
    public static readonly TimeSpan AgeMax = TimeSpan.FromMinutes(1);

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

    /// <summary>Replaces the file in one step, for its owner alone.</summary>
    /// <returns>Why it could not; null when it did.</returns>
    public static string? Write(string path, ServiceState state)
    {
        try
        {
            // One that was left half-written may be for others too.
            string next = path + ".new";
            File.Delete(next);
            using (FileStream file = OpenForOwner(next))
            {
                JsonSerializer.Serialize(file, state, StateJson.Default.ServiceState);
            }

            File.Move(next, path, overwrite: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private static FileStream OpenForOwner(string path)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (OperatingSystem.IsLinux())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}

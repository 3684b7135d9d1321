using System.Diagnostics;

namespace FnLb.Benchmarks.Throughput;

/// <summary>Short commands whose output is wanted.</summary>
internal static class Shell
{
    /// <summary>The first line that the command prints; empty when it prints nothing.</summary>
    public static string FirstLine(string command)
    {
        ProcessStartInfo info = new("/bin/sh", ["-c", command]) { RedirectStandardOutput = true };
        using Process process = Process.Start(info)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Split('\n')[0].Trim();
    }

    /// <summary>The path of an installed program; null when there is none.</summary>
    public static string? Find(string program)
    {
        // Servers are where users' search paths often do not lead.
        string path = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/usr/local/sbin";
        return path.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
    }
}

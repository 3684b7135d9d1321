using System.Diagnostics;

namespace FnLb.Benchmarks.Throughput;

/// <summary>Short commands whose output is wanted.</summary>
internal static class Shell
{
    /// <summary>The first line with text that the command prints; empty when it prints none.</summary>
    public static string FirstLine(string command)
    {
        ProcessStartInfo info = new("/bin/sh", ["-c", command]) { RedirectStandardOutput = true };
        using Process process = Process.Start(info)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0, "");
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

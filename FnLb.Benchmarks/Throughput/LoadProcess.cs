using System.Diagnostics;

namespace FnLb.Benchmarks.Throughput;

/// <summary>A load generator on given processors, in a process of its own.</summary>
internal static class LoadProcess
{
    /// <summary>Runs it to its end.</summary>
    /// <param name="processors">As <c>taskset -c</c> takes them.</param>
    /// <exception cref="OperationCanceledException">It was stopped, and has ended.</exception>
    public static async Task<LoadOutput> RunAsync(
        string processors, IEnumerable<string> command, CancellationToken stop)
    {
        ProcessStartInfo info = new("taskset", ["-c", processors, .. command]) { RedirectStandardOutput = true };
        using Process process = Process.Start(info)!;
        using CancellationTokenRegistration ending = stop.Register(process.Kill);
        string output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        stop.ThrowIfCancellationRequested();
        return new LoadOutput(process.ExitCode, output);
    }
}

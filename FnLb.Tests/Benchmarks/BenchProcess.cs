using System.Diagnostics;
using FnLb.Tests.Harness;
using FnLb.Tests.HouseRules;

namespace FnLb.Tests.Benchmarks;

/// <summary>The harness as it is built, running; ended with what it started when disposed.</summary>
internal sealed class BenchProcess : IDisposable
{
    private readonly Process _process;

    private BenchProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public int ExitCode => _process.ExitCode;

    private static string Built { get; } =
        Path.Combine(SourceTree.Root, "FnLb.Benchmarks/bin/Release/net10.0/fnlb-bench.dll");

    /// <param name="folder">Where it makes its folders.</param>
    public static BenchProcess Start(string folder, params string[] arguments)
    {
        ProcessStartInfo info = new("dotnet", [Built, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["TMPDIR"] = folder;
        return new BenchProcess(Process.Start(info)!);
    }

    /// <summary>Runs it until it ends by itself.</summary>
    public static Task<CommandResult> RunAsync(params string[] arguments) =>
        Shell.TryAsync("dotnet", [Built, .. arguments]);

    /// <summary>The process that it has started.</summary>
    public async Task<int> ChildAsync()
    {
        int child = 0;
        await Eventually.HoldsAsync(
            () =>
            {
                string[] children = [.. Directory.GetDirectories($"/proc/{Id}/task")
                    .SelectMany(ChildrenOf)];
                child = children.Length == 1 ? int.Parse(children[0], null) : 0;
                return child > 0;
            },
            "it has started a process");
        return child;
    }

    /// <summary>Sends a signal until the process has ended.</summary>
    /// <remarks>Signals of a number that come together count as one: it may take more than it needs.</remarks>
    public Task EndByAsync(int signal) => Eventually.HoldsAsync(
        () =>
        {
            try
            {
                Signals.Send(Id, signal);
                return _process.HasExited;
            }
            catch (InvalidOperationException)
            {
                // Nobody to send it to.
                return _process.WaitForExit(TimeSpan.FromSeconds(1));
            }
        },
        "signals end it");

    /// <summary>Waits until it has ended.</summary>
    /// <returns>What it wrote to its standard output.</returns>
    public async Task<string> EndAsync()
    {
        await Eventually.HoldsAsync(() => _process.HasExited, "it ends", TimeSpan.FromSeconds(20));
        return await _process.StandardOutput.ReadToEndAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static string[] ChildrenOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (IOException)
        {
            // A thread that has ended.
            return [];
        }
    }
}

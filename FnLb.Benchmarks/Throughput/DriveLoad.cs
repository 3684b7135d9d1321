using System.Globalization;
using FnLb.Benchmarks.Drive;

namespace FnLb.Benchmarks.Throughput;

/// <summary>
/// Load by <c>fnlb-bench drive</c>, in a process of its own so that it can be kept to its processors.
/// </summary>
internal static class DriveLoad
{
    private static readonly TimeSpan ClosedWarmUp = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PacedWarmUp = TimeSpan.FromSeconds(1);

    /// <param name="threads">Of the generator; at most as many as the row has clients.</param>
    /// <param name="rate">Calls a second in an open loop; null for a closed one.</param>
    /// <param name="processors">As <c>taskset -c</c> takes them.</param>
    /// <exception cref="InvalidOperationException">It left no report.</exception>
    public static async Task<LoadResult> RunAsync(
        WorkRow row, int port, TimeSpan duration, string folder, double? rate, int threads, string processors,
        CancellationToken stop)
    {
        TimeSpan warmUp = rate is null ? ClosedWarmUp : PacedWarmUp;
        string report = Path.Combine(folder, "drive.json");
        File.Delete(report);
        string path = row.Paths > 1 ? row.PathPrefix + RequestTemplate.RoutePlace : row.PathPrefix;
        List<string> arguments =
        [
            .. OwnCommand(), "drive", "--quiet", "--json", report,
            "--connections", Text(row.Clients), "--duration", $"{Text((int)duration.TotalSeconds)}s",
            "--method", row.Method, "--body-size", Text(row.BodyBytes), "--path", path, "--routes", Text(row.Paths),
            "--warm-up", $"{Text((int)warmUp.TotalMilliseconds)}ms", "--threads", Text(threads),
        ];
        arguments.AddRange(row.Pipelined > 1 ? ["--pipeline", Text(row.Pipelined)] : []);
        arguments.AddRange(row.ClosesConnection ? ["--no-keepalive"] : []);
        // A timer for each call costs as much as the call itself, on the processor that the nodes need as well.
        arguments.AddRange(
            rate is double number ? ["--busy", "--rate", number.ToString(CultureInfo.InvariantCulture)] : []);
        arguments.Add($"http://127.0.0.1:{Text(port)}");

        LoadOutput output = await LoadProcess.RunAsync(processors, arguments, stop);
        if (!File.Exists(report))
        {
            throw new InvalidOperationException($"drive failed with exit code {output.ExitCode}: {output.Text}");
        }

        StepResult step = DriveReport.Read(report).Steps.Single();
        return new LoadResult(
            step.AnswersWithWarmUp, step.Seconds, step.Failures + step.Unsent, step.Quantile(50) ?? 0,
            step.Quantile(99) ?? 0)
        {
            LateP99Milliseconds = step.GeneratorLateP99Milliseconds,
            RequestsPerSecond = step.AnswersPerSecond,
            GeneratorCpuSeconds = step.GeneratorCpuMicroseconds * step.AnswersWithWarmUp / 1e6,
            WholeSeconds = step.Seconds + warmUp.TotalSeconds,
        };
    }

    // As a library, this program is run by "dotnet" and named by the first argument.
    private static string[] OwnCommand() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [Environment.ProcessPath!, Environment.GetCommandLineArgs()[0]]
            : [Environment.ProcessPath!];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

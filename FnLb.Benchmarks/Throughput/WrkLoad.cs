using System.Globalization;

namespace FnLb.Benchmarks.Throughput;

/// <summary>A closed loop of requests by wrk.</summary>
internal static class WrkLoad
{
    private const string ResultMark = "RESULT ";

    /// <summary>Runs the row's load against a port and waits until it ends.</summary>
    /// <exception cref="InvalidOperationException">wrk failed.</exception>
    /// <param name="processors">As <c>taskset -c</c> takes them.</param>
    public static async Task<LoadResult> RunAsync(
        WorkRow row, int port, TimeSpan duration, string folder, string processors, CancellationToken stop)
    {
        string script = Path.Combine(folder, $"{row.Name}.lua");
        await File.WriteAllTextAsync(script, Script(row), CancellationToken.None);
        string[] command =
        [
            "wrk", "--threads", "1", "--connections", Text(row.Clients),
            "--duration", $"{Text(Math.Max(1, (int)duration.TotalSeconds))}s", "--timeout", "10s",
            "--script", script, $"http://127.0.0.1:{port}",
        ];
        LoadOutput output = await LoadProcess.RunAsync(processors, command, stop);
        string? line = output.Text.Split('\n')
            .FirstOrDefault(line => line.StartsWith(ResultMark, StringComparison.Ordinal));
        if (output.ExitCode != 0 || line is null)
        {
            throw new InvalidOperationException($"wrk failed with exit code {output.ExitCode}: {output.Text}");
        }

        double[] numbers =
            [.. line[ResultMark.Length..].Split(' ').Select(part => double.Parse(part, CultureInfo.InvariantCulture))];
        return new LoadResult((long)numbers[0], numbers[1] / 1e6, (long)numbers[2], numbers[3] / 1e3, numbers[4] / 1e3);
    }

    private static string Script(WorkRow row)
    {
        string headers = row.ClosesConnection ? "[\"Connection\"] = \"close\"" : "";
        string body = row.BodyBytes > 0 ? $"string.rep(\"x\", {Text(row.BodyBytes)})" : "nil";
        string path = row.Paths > 1 ? $"\"{row.PathPrefix}\" .. p" : $"\"{row.PathPrefix}\"";
        return $$"""
            local headers = { {{headers}} }
            local body = {{body}}
            local requests = {}
            local last = 0
            init = function(args)
              for p = 1, {{Text(row.Paths)}} do
                requests[p] = string.rep(wrk.format("{{row.Method}}", {{path}}, headers, body), {{Text(row.Pipelined)}})
              end
            end
            request = function()
              last = last % {{Text(row.Paths)}} + 1
              return requests[last]
            end
            done = function(summary, latency)
              local e = summary.errors
              io.write(string.format("{{ResultMark}}%d %d %d %d %d\n", summary.requests, summary.duration,
                e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50), latency:percentile(99)))
            end
            """;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

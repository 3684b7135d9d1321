using System.Net;
using System.Net.Sockets;
using FnLb.Benchmarks.Reports;
using FnLb.Core.Http1;

namespace FnLb.Benchmarks.Drive;

/// <summary><c>fnlb-bench drive</c>: load on any HTTP/1.1 server, and how it was answered.</summary>
internal static class DriveCommand
{
    /// <param name="notes">For what is not the result: the progress bar, and what is wrong.</param>
    /// <param name="stop">Ends the run; what was measured until then is reported.</param>
    /// <returns>0; 1 when calls failed or nothing could be sent; 2 for wrong arguments.</returns>
    public static async Task<int> RunAsync(
        string[] args, TextWriter output, TextWriter notes, CancellationToken stop = default)
    {
        DriveOptions options = new();
        if (!ArgumentReader.TryRead(
            args, ref options, (so, name, value) => so.With(name, value), DriveOptions.Switches,
            out List<string> urls, out string? error))
        {
            await notes.WriteLineAsync($"fnlb-bench: {error}");
            return 2;
        }

        if (options.ShowsHelp)
        {
            await output.WriteLineAsync(DriveOptions.Usage);
            return 0;
        }

        if (urls.Find(url => !Uri.TryCreate(url, UriKind.Absolute, out _)) is string wrong)
        {
            await notes.WriteLineAsync($"fnlb-bench: \"{wrong}\" is no URL");
            return 2;
        }

        options = options with { Urls = [.. urls.Select(url => new Uri(url))] };
        if (options.Conflict is string conflict)
        {
            await notes.WriteLineAsync($"fnlb-bench: {conflict}");
            return 2;
        }

        if (OutputFile.WhyNot(options.JsonPath, options.HtmlPath) is string reason)
        {
            await notes.WriteLineAsync($"fnlb-bench: {reason}");
            return 2;
        }

        try
        {
            DriveReport report = await MeasureAsync(options, string.Join(' ', args), notes, stop);
            if (report.Steps.Count == 0)
            {
                await notes.WriteLineAsync("fnlb-bench: interrupted before anything was measured");
                return 1;
            }

            await WriteAsync(options, report, output);
            return report.IsClean ? 0 : 1;
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            await notes.WriteLineAsync($"fnlb-bench: {e.Message}");
            return 1;
        }
    }

    private static async Task<DriveReport> MeasureAsync(
        DriveOptions options, string arguments, TextWriter notes, CancellationToken stop)
    {
        DrivePlan plan = await PlanAsync(options, notes, stop);
        ProgressBar? bar = options.IsQuiet || Console.IsErrorRedirected ? null : new ProgressBar(notes);
        DriveRun run = new(plan, progress => bar?.Show(progress));
        List<StepResult> steps = [];
        foreach (DriveStep step in options.Steps)
        {
            // The calls keep this thread busy for minutes: it is one of its own.
            StepResult? result = await Task.Factory.StartNew(
                () => run.Run(step, stop), CancellationToken.None, TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
            bar?.Clear();
            steps.AddRange(result is null ? [] : [result]);
            if (stop.IsCancellationRequested)
            {
                break;
            }
        }

        return new DriveReport
        {
            Urls = [.. options.Urls.Select(url => url.OriginalString)],
            Arguments = arguments,
            Machine = MachineFacts.Read(),
            Steps = steps,
            IsInterrupted = stop.IsCancellationRequested,
        };
    }

    private static async Task WriteAsync(DriveOptions options, DriveReport report, TextWriter output)
    {
        DriveView view = new(report);
        await output.WriteLineAsync(view.Latencies.ToMarkdown());
        await output.WriteLineAsync(view.Outcomes.ToMarkdown());
        foreach (string warning in view.Warnings)
        {
            await output.WriteLineAsync(warning);
        }

        if (options.JsonPath is string json)
        {
            report.Write(json);
        }

        if (options.HtmlPath is string html)
        {
            view.ToPage().Write(html);
        }
    }

    private static async Task<DrivePlan> PlanAsync(
        DriveOptions options, TextWriter notes, CancellationToken stop)
    {
        byte[] body = options.BodyPath is string path
            ? await File.ReadAllBytesAsync(path, stop)
            : [.. Enumerable.Repeat((byte)'x', options.BodyBytes)];
        List<DriveTarget> targets = [];
        foreach (Uri url in options.Urls)
        {
            IPAddress[] addresses = await Dns.GetHostAddressesAsync(url.DnsSafeHost, stop);
            IPAddress address = await DriveAddress.ChooseAsync(addresses, url.Port, stop);
            if (addresses.Length > 1)
            {
                await notes.WriteLineAsync($"calls to {url.Authority} go to {address}");
            }

            RequestTemplate request = new(
                options.Method, options.PathOf(url), url.Authority, options.Fields, body, options.KeepsAlive);
            targets.Add(new DriveTarget(new IPEndPoint(address, url.Port), request));
        }

        return new DrivePlan
        {
            Targets = targets,
            RequestMethod = Enum.TryParse(options.Method, ignoreCase: true, out RequestMethod method)
                ? method
                : RequestMethod.Other,
            Pipelined = options.Pipelined,
            KeepsAlive = options.KeepsAlive,
            Routes = options.Routes,
            ZipfExponent = options.ZipfExponent,
            Arrivals = options.Arrivals,
            Threads = options.Threads,
            Seed = options.Seed,
            IsBusy = options.IsBusy,
            WarmUp = options.WarmUp,
            Duration = options.Duration,
            Timeout = options.Timeout,
        };
    }
}

using System.Diagnostics;
using FnLb.Core.Nodes;
using FnLb.Host.CommandLine;
using FnLb.Host.Lifecycle;

namespace FnLb.Host.Demo;

/// <summary>
/// <c>fnlb demo</c>: three sample nodes, the load balancer as it always runs, and a light stream of calls.
/// </summary>
internal static class DemoCommand
{
    private const int NodeCount = 3;
    private const int SlotsPerNode = 12;
    private const int ListenPort = 8081;
    private const int AdminPort = 8082;

    // The order in which nodes take a function follows from their addresses: with these every node gets some.
    private const int FirstNodePort = 9081;

    private static readonly TimeSpan OnlineDeadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(5);

    /// <returns>0; 1 when a call failed or the load balancer did not start; 2 for wrong arguments.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (!DemoOptions.TryParse(args, out DemoOptions? options, out IReadOnlyList<string> errors))
        {
            foreach (string error in errors)
            {
                await Console.Error.WriteLineAsync($"fnlb: {error}");
            }

            return 2;
        }

        if (options.ShowsHelp)
        {
            Console.WriteLine(DemoOptions.Usage);
            return 0;
        }

        List<SampleNode> nodes = [];
        try
        {
            for (int i = 0; i < NodeCount; i++)
            {
                nodes.Add(await SampleNode.StartAsync(NodeOptions(i), TimeProvider.System));
            }

            return await BalanceAsync(options, nodes);
        }
        catch (StartException e)
        {
            await Console.Error.WriteLineAsync($"fnlb: {e.Message}");
            return 1;
        }
        finally
        {
            foreach (SampleNode node in nodes)
            {
                await node.DisposeAsync();
            }
        }
    }

    private static SampleNodeOptions NodeOptions(int index) => new()
    {
        Port = DemoPorts.Choose(FirstNodePort + index),
        Functions = [.. DemoFunction.All.Select(function => function.Function)],
        Slots = SlotsPerNode,
        Seed = index,
    };

    private static async Task<int> BalanceAsync(DemoOptions options, List<SampleNode> nodes)
    {
        using StopSignals signals = new();
        using CancellationTokenSource stop = new();
        using ILoggerFactory logging = HostLogging.Create(LogLevel.Warning);
        await using Balancer balancer = await Balancer.StartAsync(BalancerOptions(nodes), logging);
        _ = signals.First.ContinueWith(_ => stop.Cancel(), TaskScheduler.Default);

        CallWindow window = new();
        DemoReport report = new(balancer, nodes, window);
        if (!await WaitUntilOnlineAsync(report, stop.Token))
        {
            await Console.Error.WriteLineAsync($"fnlb: not all nodes are online after {OnlineDeadline.TotalSeconds} s");
            return 1;
        }

        Console.WriteLine(report.Introduction());
        if (options.Duration is TimeSpan duration)
        {
            stop.CancelAfter(duration);
        }

        // The stream ends before the load balancer drains, or its next call would fail.
        using (DemoTraffic traffic = new(new Uri($"http://{balancer.TrafficEndPoint}"), options, window))
        {
            await Task.WhenAll(traffic.RunAsync(stop.Token), ReportAsync(report, stop.Token));
        }

        await balancer.DrainAsync(DrainLimit);
        return window.FailuresTotal > 0 ? 1 : 0;
    }

    private static FnlbOptions BalancerOptions(List<SampleNode> nodes) => new()
    {
        Listen = new ListenAddress("127.0.0.1", ChoosePort("calls", ListenPort)),
        AdminListen = new ListenAddress("127.0.0.1", ChoosePort("the node API", AdminPort)),
        Nodes = [.. nodes.Select(AddressOf)],
    };

    private static NodeAddress AddressOf(SampleNode node) =>
        NodeAddress.TryParse(node.Address, out NodeAddress address, out string? error)
            ? address
            : throw new UnreachableException(error);

    private static int ChoosePort(string what, int preferred)
    {
        int port = DemoPorts.Choose(preferred);
        if (port != preferred)
        {
            Console.Error.WriteLine($"port {preferred} is taken: {what} at port {port}");
        }

        return port;
    }

    private static async Task<bool> WaitUntilOnlineAsync(DemoReport report, CancellationToken stop)
    {
        long started = Stopwatch.GetTimestamp();
        while (!report.AreAllOnline && !stop.IsCancellationRequested)
        {
            if (Stopwatch.GetElapsedTime(started) > OnlineDeadline)
            {
                return false;
            }

            await Task.Delay(PollInterval, CancellationToken.None);
        }

        return true;
    }

    private static async Task ReportAsync(DemoReport report, CancellationToken stop)
    {
        long started = Stopwatch.GetTimestamp();
        long last = started;
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(ReportInterval, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            long now = Stopwatch.GetTimestamp();
            if (Stopwatch.GetElapsedTime(last, now) < ReportInterval / 2)
            {
                // Stopped just after a line: rates over the rest would be chance.
                return;
            }

            TimeSpan elapsed = Stopwatch.GetElapsedTime(started, now);
            await Console.Error.WriteLineAsync(report.Line(elapsed, Stopwatch.GetElapsedTime(last, now)));
            last = now;
        }
    }
}

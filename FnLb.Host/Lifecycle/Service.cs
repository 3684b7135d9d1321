using System.ComponentModel;
using System.Runtime.InteropServices;
using FnLb.Core.Nodes;
using FnLb.Host.CommandLine;

namespace FnLb.Host.Lifecycle;

/// <summary>A balancer from its start to the signal that ends it, or until a successor serves in its place.</summary>
internal sealed class Service(
    ParsedOptions parsed, IReadOnlyList<string> arguments, ServiceNotifier notifier, ILoggerFactory logging)
{
    /// <summary>A successor that is not ready by then never will be: checks take ten seconds of it.</summary>
    private static readonly TimeSpan ReadyMax = TimeSpan.FromSeconds(60);

    /// <summary>From its turn on; a store that does not answer takes five seconds of it.</summary>
    private static readonly TimeSpan BeginMax = TimeSpan.FromSeconds(30);

    private readonly ILogger _logger = logging.CreateLogger("FnLb.Host");
    private readonly Reloading _reloading = new(parsed, arguments, logging.CreateLogger("FnLb.Host"));

    private FnlbOptions Options => _reloading.Options;

    private TimeSpan DrainLimit =>
        Options.ShutdownTimeout > TimeSpan.Zero ? Options.ShutdownTimeout : Timeout.InfiniteTimeSpan;

    private string DrainLimitText => Options.ShutdownTimeout > TimeSpan.Zero
        ? $"within {Options.ShutdownTimeout.TotalSeconds} s"
        : "without limit";

    /// <exception cref="StartException"/>
    public async Task RunAsync(InheritedSockets inherited, StopSignals stops, RequestSignals requests)
    {
        using CancellationTokenSource stop = new();
        _ = stops.First.ContinueWith(_ => stop.Cancel(), TaskScheduler.Default);
        using Predecessor? predecessor = inherited.Control is { } control
            ? new Predecessor(control, TimeProvider.System, _logger)
            : null;
        ServiceState? state = predecessor is null
            ? StateFile.Read(Options.StateFile, TimeProvider.System, _logger)
            : await predecessor.GreetAsync(stop.Token);
        BalancerStart start = new()
        {
            Stop = stop.Token,
            Inherited = inherited,
            State = state,
            Predecessor = predecessor,
        };
        await using Balancer balancer = await Balancer.StartAsync(Options, start, logging);
        ReportStart(balancer, start);
        await BecomeServiceAsync(balancer, predecessor, stops);
        notifier.Ready(balancer.Describe());
        StartUpPages.GiveBack();
        StateKeeper keeper = new(() => Options.StateFile, balancer.State, TimeProvider.System, _logger);
        using Successor? successor = await ServeAsync(balancer, keeper, stops, requests);
        if (successor is null)
        {
            await StopAsync(balancer, stops);
            keeper.Write();
        }
        else
        {
            await StepBackAsync(balancer, successor, stops);
        }
    }

    private static async Task BecomeServiceAsync(Balancer balancer, Predecessor? predecessor, StopSignals stops)
    {
        if (predecessor is null)
        {
            await Task.WhenAny(balancer.FirstRound, stops.First, Task.Delay(BalancerStart.ChecksMax));
            return;
        }

        if (await predecessor.ReplaceAsync())
        {
            stops.Ask();
        }

        _ = NoteCutAsync(balancer, predecessor);
    }

    private static async Task NoteCutAsync(Balancer balancer, Predecessor predecessor) =>
        balancer.NoteCut(await predecessor.CutAsync());

    /// <summary>Serves, and does what has to be done meanwhile.</summary>
    /// <inheritdoc cref="AnswerRequestsAsync"/>
    private async Task<Successor?> ServeAsync(
        Balancer balancer, StateKeeper keeper, StopSignals stops, RequestSignals requests)
    {
        using CancellationTokenSource end = new();
        Heartbeat heartbeat = new(
            notifier, balancer.TurnAsync, () => balancer.Requests, balancer.Describe, TimeProvider.System);
        Task beating = heartbeat.RunAsync(end.Token);
        Task keeping = Task.Run(() => keeper.RunAsync(end.Token));
        Successor? successor = await AnswerRequestsAsync(balancer, stops, requests);
        await end.CancelAsync();
        await Task.WhenAll(beating, keeping);
        return successor;
    }

    /// <returns>The process that took over; null when a signal asked to stop.</returns>
    private async Task<Successor?> AnswerRequestsAsync(
        Balancer balancer, StopSignals stops, RequestSignals requests)
    {
        using CancellationTokenSource stopped = new();
        while (true)
        {
            Task<PosixSignal> request = requests.NextAsync(stopped.Token);
            if (await Task.WhenAny(stops.First, request) != request)
            {
                await stopped.CancelAsync();
                return null;
            }

            if (await request == RequestSignals.Reload)
            {
                notifier.Reloading();
                _reloading.Reload(balancer.Sockets.Overruled);
                balancer.LookAtSecrets();
                notifier.Ready(balancer.Describe());
            }
            else if (await HandOverAsync(balancer, stops) is { } successor)
            {
                return successor;
            }
        }
    }

    private async Task<Successor?> HandOverAsync(Balancer balancer, StopSignals stops)
    {
        notifier.Reloading();
        Successor? successor = null;
        string failure;
        TimeSpan limit = ReadyMax;
        try
        {
            successor = Successor.Start(arguments, balancer.Sockets);
            HostLog.HandingOver(_logger, Successor.Program);
            using CancellationTokenSource expiry = new(limit);
            Task<bool> ready = successor.WaitUntilReadyAsync(balancer.State(), expiry.Token);
            if (await Task.WhenAny(ready, stops.First) == ready && await ready)
            {
                // From here on it may have calls, so that a signal to stop does not end it.
                limit = BeginMax;
                expiry.CancelAfter(limit);
                if (await successor.BeginAsync(await balancer.GiveListAwayAsync(), expiry.Token))
                {
                    return successor;
                }
            }

            failure = stops.First.IsCompleted ? "a signal asked to stop" : "the new process ended before it served";
        }
        catch (Win32Exception e)
        {
            failure = e.Message;
        }
        catch (OperationCanceledException)
        {
            failure = limit == ReadyMax
                ? $"the new process was not ready within {ReadyMax.TotalSeconds} s"
                : $"the new process did not serve within {BeginMax.TotalSeconds} s of its turn";
        }

        successor?.Abandon();
        successor?.Dispose();
        balancer.TakeListBack();
        HostLog.HandOverFailed(_logger, failure);
        notifier.Ready($"the hand-over failed: {failure}");
        return null;
    }

    // The process that is no longer the service: its calls may take their time. When the service is told to stop, so is
    // this process, which drains already; only who tells it twice is in a hurry.
    private async Task StepBackAsync(Balancer balancer, Successor successor, StopSignals stops)
    {
        notifier.HandedOver(successor.ProcessId);

        // A signal that came until now was meant for the service.
        await successor.StepBackAsync(isToStop: stops.First.IsCompleted);
        Task<int> drained = balancer.DrainAsync(DrainLimit, stops.Impatience);
        HostLog.HandedOver(_logger, successor.ProcessId, balancer.CallsInFlight, DrainLimitText);
        await balancer.LeaveAdminAsync();
        int cut = await FinishDrainAsync(drained, stops.Second);
        if (cut > 0)
        {
            await successor.SayCutAsync(cut);
        }
    }

    private async Task StopAsync(Balancer balancer, StopSignals stops)
    {
        PosixSignal signal = await stops.First;
        HostLog.Stopping(_logger, signal, DrainLimitText);
        notifier.Stopping($"{signal}: {balancer.CallsInFlight} calls may end {DrainLimitText}");
        balancer.AnnounceDrain();
        if (Options.DrainDelay > TimeSpan.Zero)
        {
            await Task.WhenAny(Task.Delay(Options.DrainDelay), stops.Second);
        }

        await FinishDrainAsync(balancer.DrainAsync(DrainLimit, stops.Impatience), stops.Second);
    }

    private async Task<int> FinishDrainAsync(Task<int> drained, Task<PosixSignal> impatience)
    {
        await Task.WhenAny(drained, impatience);
        if (impatience.IsCompleted)
        {
            HostLog.Cutting(_logger, await impatience);
        }

        int cut = await drained;
        if (cut > 0)
        {
            HostLog.CallsCut(_logger, cut);
        }

        return cut;
    }

    private void ReportStart(Balancer balancer, BalancerStart start)
    {
        bool isShared = balancer.AdminEndPoint.Equals(balancer.TrafficEndPoint);
        string admin = isShared ? "the same address" : balancer.AdminEndPoint.ToString()!;
        HostLog.Started(
            _logger, ProductVersion.Text, balancer.TrafficEndPoint, admin, balancer.Directory.Nodes.Count,
            Options.Store, Options.Proxy.Loops);
        if (start.State is { } state)
        {
            HostLog.StateTaken(_logger, state.Routing.Functions.Count, state.Routing.Nodes.Count);
        }

        if (start.IsSuccessor)
        {
            ReportOverruled(balancer);
        }
    }

    private void ReportOverruled(Balancer balancer)
    {
        foreach (string flag in balancer.Sockets.Overruled)
        {
            bool isTraffic = flag == "listen";
            HostLog.AddressKept(
                _logger, "-" + flag, isTraffic ? Options.Listen : Options.AdminListen,
                isTraffic ? balancer.TrafficEndPoint : balancer.AdminEndPoint);
        }

        NodeAddress[] missing =
            [.. Options.Nodes.Except(balancer.Directory.Nodes.Select(node => node.Address))];
        if (missing.Length > 0)
        {
            HostLog.NodesKeptOut(_logger, string.Join(", ", missing.Select(address => address.Text)));
        }
    }
}

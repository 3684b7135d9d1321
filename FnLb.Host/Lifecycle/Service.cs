using System.ComponentModel;
using System.Runtime.InteropServices;
using FnLb.Host.CommandLine;

namespace FnLb.Host.Lifecycle;

/// <summary>A balancer from its start to the signal that ends it, or until a successor serves in its place.</summary>
internal sealed class Service(
    ParsedOptions parsed, IReadOnlyList<string> arguments, ServiceNotifier notifier, ILoggerFactory logging)
{
    /// <summary>A successor that does not serve by then never will: checks take ten seconds of it.</summary>
    private static readonly TimeSpan HandOverLimit = TimeSpan.FromSeconds(60);

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
        using HandOverChannel? predecessor = inherited.Control is { } control ? new HandOverChannel(control) : null;
        ServiceState? state = predecessor is null
            ? StateFile.Read(Options.StateFile, TimeProvider.System, _logger)
            : await ReadStateAsync(predecessor);
        using CancellationTokenSource stop = new();
        _ = stops.First.ContinueWith(_ => stop.Cancel(), TaskScheduler.Default);
        BalancerStart start = new()
        {
            Stop = stop.Token,
            Inherited = inherited,
            State = state,
            IsSuccessor = predecessor is not null,
        };
        await using Balancer balancer = await Balancer.StartAsync(Options, start, logging);
        ReportStart(balancer, state);
        await BecomeServiceAsync(balancer, predecessor, stops);
        notifier.Ready(balancer.Describe());
        StartUpPages.GiveBack();
        using CancellationTokenSource heartbeatEnd = new();
        Heartbeat heartbeat = new(
            notifier, balancer.TurnAsync, () => balancer.Requests, balancer.Describe, TimeProvider.System);
        Task beating = heartbeat.RunAsync(heartbeatEnd.Token);
        using Successor? successor = await ServeAsync(balancer, stops, requests);
        await heartbeatEnd.CancelAsync();
        await beating;
        if (successor is null)
        {
            await StopAsync(balancer, stops);
            StateFile.Write(Options.StateFile, balancer.State(), _logger);
        }
        else
        {
            await StepBackAsync(balancer, successor, stops);
        }
    }

    private static async Task<ServiceState?> ReadStateAsync(HandOverChannel predecessor)
    {
        try
        {
            await predecessor.SendNumberAsync(Environment.ProcessId, CancellationToken.None);
            return await predecessor.ReadStateAsync(CancellationToken.None);
        }
        catch (IOException e)
        {
            throw new StartException($"the balancer that hands over has gone: {e.Message}", e);
        }
    }

    private static async Task BecomeServiceAsync(Balancer balancer, HandOverChannel? predecessor, StopSignals stops)
    {
        if (predecessor is null)
        {
            await Task.WhenAny(balancer.FirstRound, stops.First, Task.Delay(BalancerStart.ChecksMax));
            return;
        }

        // A predecessor that has died meanwhile leaves the sockets to this process all the same.
        await predecessor.SayDoneAsync(CancellationToken.None);
        _ = await predecessor.WaitForDoneAsync(CancellationToken.None);
        _ = NoteCutAsync(balancer, predecessor);
    }

    private static async Task NoteCutAsync(Balancer balancer, HandOverChannel predecessor)
    {
        try
        {
            balancer.NoteCut(await predecessor.ReadNumberAsync(CancellationToken.None));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It cut nothing, or this process ends before it.
        }
    }

    /// <returns>The process that took over; null when a signal asked to stop.</returns>
    private async Task<Successor?> ServeAsync(Balancer balancer, StopSignals stops, RequestSignals requests)
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
                _reloading.Reload();
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
        try
        {
            successor = Successor.Start(arguments, balancer.Sockets);
            HostLog.HandingOver(_logger, Successor.Program);
            using CancellationTokenSource limit = new(HandOverLimit);
            Task<bool> serving = successor.WaitUntilServingAsync(balancer.State(), limit.Token);
            if (await Task.WhenAny(serving, stops.First) == serving && await serving)
            {
                return successor;
            }

            failure = stops.First.IsCompleted ? "a signal asked to stop" : "the new process ended before it served";
        }
        catch (Win32Exception e)
        {
            failure = e.Message;
        }
        catch (OperationCanceledException)
        {
            failure = $"the new process did not serve within {HandOverLimit.TotalSeconds} s";
        }

        successor?.Abandon();
        successor?.Dispose();
        HostLog.HandOverFailed(_logger, failure);
        notifier.Ready($"the hand-over failed: {failure}");
        return null;
    }

    // The process that is no longer the service: its calls may take their time. When the service is told to stop, so is
    // this process, which drains already; only who tells it twice is in a hurry.
    private async Task StepBackAsync(Balancer balancer, Successor successor, StopSignals stops)
    {
        notifier.HandedOver(successor.ProcessId);
        await successor.StepBackAsync();
        Task<int> drained = balancer.DrainAsync(DrainLimit);
        HostLog.HandedOver(_logger, successor.ProcessId, balancer.CallsInFlight, DrainLimitText);
        await balancer.LeaveAdminAsync();
        int cut = await FinishDrainAsync(balancer, drained, stops.Second);
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

        await FinishDrainAsync(balancer, balancer.DrainAsync(DrainLimit), stops.Second);
    }

    private async Task<int> FinishDrainAsync(Balancer balancer, Task<int> drained, Task<PosixSignal> impatience)
    {
        int cut;
        if (await Task.WhenAny(drained, impatience) == drained)
        {
            cut = await drained;
        }
        else
        {
            cut = balancer.CallsInFlight;
            HostLog.Cutting(_logger, await impatience);
        }

        if (cut > 0)
        {
            balancer.NoteCut(cut);
            HostLog.CallsCut(_logger, cut);
        }

        return cut;
    }

    private void ReportStart(Balancer balancer, ServiceState? state)
    {
        bool isShared = balancer.AdminEndPoint.Equals(balancer.TrafficEndPoint);
        string admin = isShared ? "the same address" : balancer.AdminEndPoint.ToString()!;
        HostLog.Started(
            _logger, ProductVersion.Text, balancer.TrafficEndPoint, admin, balancer.Directory.Nodes.Count,
            Options.Store, Options.Proxy.Loops);
        if (state is not null)
        {
            HostLog.StateTaken(_logger, state.Routing.Functions.Count, state.Routing.Nodes.Count);
        }
    }
}

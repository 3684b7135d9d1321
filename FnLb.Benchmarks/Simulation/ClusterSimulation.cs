using System.Diagnostics;
using FnLb.Core.Routing;

namespace FnLb.Benchmarks.Simulation;

/// <summary>
/// Runs a trace through load balancers of one policy and the nodes of a scenario; a run with the same arguments gives
/// the same result.
/// </summary>
internal sealed class ClusterSimulation
{
    private readonly Scenario _scenario;
    private readonly Trace _trace;
    private readonly ClusterEvents _events;
    private readonly SimulatedNode[] _nodes;
    private readonly IBalancer[] _balancers;
    private readonly List<CallRecord> _calls = [];
    private readonly List<ContainerSample> _samples = [];
    private int _launchesBefore;
    private int _lost;

    private ClusterSimulation(Scenario scenario, Trace trace, Policy policy, int seed)
    {
        _scenario = scenario;
        _trace = trace;
        _events = new ClusterEvents(scenario, seed);
        _nodes = [.. Enumerable.Range(0, scenario.Nodes)
            .Select(node => new SimulatedNode(node, scenario.SlotsOf(node), scenario, _events))];
        _balancers = [.. Enumerable.Range(0, scenario.Balancers).Select(_ => policy.Create(scenario, trace.Functions))];
    }

    private double NowSeconds => _events.NowMicroseconds / 1e6;

    private long NowMilliseconds => _events.NowMicroseconds / 1000;

    public static SimulationResult Run(Scenario scenario, Trace trace, Policy policy, int seed) =>
        new ClusterSimulation(scenario, trace, policy, seed).Run();

    private SimulationResult Run()
    {
        for (int node = _scenario.Nodes - _scenario.Joining; node < _scenario.Nodes; node++)
        {
            SetPlaceable(node, isPlaceable: false);
        }

        for (int number = 0; number < _scenario.Disturbances.Count; number++)
        {
            _events.Add(_scenario.Disturbances[number].AtSeconds, EventKind.Disturbance, number);
        }

        for (int second = (int)_scenario.WarmUpSeconds; second < _scenario.Seconds; second++)
        {
            _events.Add(second, EventKind.Sample, second);
        }

        foreach (TracedCall traced in _trace.Calls)
        {
            RunEventsUntil(traced.AtMicroseconds);
            _events.AdvanceTo(traced.AtMicroseconds);
            Place(new SimulatedCall(traced, _trace.Functions[traced.Function]));
        }

        int launches = _events.Launches - _launchesBefore;
        RunEventsUntil((long)((_scenario.Seconds + (2 * _scenario.QueueTimeoutSeconds)) * 1e6));
        return new SimulationResult(_calls, _samples, launches, _lost);
    }

    private void RunEventsUntil(long microseconds)
    {
        while (_events.NextMicroseconds <= microseconds)
        {
            Handle(_events.Take());
        }
    }

    private void Handle(in SimulatedEvent item)
    {
        switch (item.Kind)
        {
            case EventKind.ContainerReady:
                if (item.Container!.Generation == item.Container.Node.Generation)
                {
                    item.Container.Node.Free(item.Container, hasJustStarted: true);
                }

                break;
            case EventKind.CallEnds:
                EndCall(item.Call!);
                break;
            case EventKind.IdleEnds:
                item.Container!.Node.EndIdle(item.Container, item.Number);
                break;
            case EventKind.EvictionDue:
                item.Node!.Evict();
                break;
            case EventKind.WaitEnds:
                EndWait(item.Call!, item.Number);
                break;
            case EventKind.Disturbance:
                Disturb(_scenario.Disturbances[item.Number]);
                break;
            case EventKind.Sample:
                Sample();
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void Place(SimulatedCall call)
    {
        IBalancer balancer = _balancers[call.Traced.Balancer];
        while (true)
        {
            int node = balancer.Place(call, NowMilliseconds);
            if (node < 0)
            {
                Record(call, double.NaN);
                return;
            }

            call.Node = node;
            call.PlacedMicroseconds = _events.NowMicroseconds;
            if (!_nodes[node].IsDown && _nodes[node].TryEnter(call))
            {
                return;
            }

            if (_nodes[node].IsDown)
            {
                balancer.SetPlaceable(node, isPlaceable: false);
            }

            bool mayPlaceAgain = _nodes[node].IsDown || balancer.PlacesBusyAgain;
            Refuse(call, balancer);
            if (!mayPlaceAgain)
            {
                Record(call, double.NaN);
                return;
            }
        }
    }

    private void Refuse(SimulatedCall call, IBalancer balancer)
    {
        balancer.Release(call, CallOutcome.NotStarted, -1, NowMilliseconds);
        call.Tried.Add(call.Node);
    }

    private void EndCall(SimulatedCall call)
    {
        if (call.Container!.IsGone)
        {
            return;
        }

        _nodes[call.Node].End(call);
        long waitMicroseconds = call.StartedMicroseconds - call.PlacedMicroseconds;
        long wait = _scenario.SendsWait ? waitMicroseconds * 1000 : -1;
        _balancers[call.Traced.Balancer].Release(call, CallOutcome.Answered, wait, NowMilliseconds);
        Record(call, (call.StartedMicroseconds - call.Traced.AtMicroseconds) / 1000.0);
    }

    private void EndWait(SimulatedCall call, int attempt)
    {
        if (call.Tried.Count != attempt || call.StartedMicroseconds >= 0 || !_nodes[call.Node].Withdraw(call))
        {
            return;
        }

        IBalancer balancer = _balancers[call.Traced.Balancer];
        Refuse(call, balancer);
        if (balancer.PlacesBusyAgain)
        {
            Place(call);
        }
        else
        {
            Record(call, double.NaN);
        }
    }

    private void Disturb(Disturbance disturbance)
    {
        SimulatedNode node = _nodes[disturbance.Node];
        switch (disturbance.Kind)
        {
            case DisturbanceKind.Kill:
                Lose(node.Kill());
                break;
            case DisturbanceKind.Slow:
                node.Slowness = 4;
                break;
            case DisturbanceKind.Recover:
                node.Slowness = 1;
                break;
            case DisturbanceKind.Refuse or DisturbanceKind.Accept:
                node.IsRefusing = disturbance.Kind == DisturbanceKind.Refuse;
                break;
            case DisturbanceKind.Revive or DisturbanceKind.Activate or DisturbanceKind.Join:
                node.Revive();
                SetPlaceable(disturbance.Node, isPlaceable: true);
                break;
            case DisturbanceKind.Drain:
                SetPlaceable(disturbance.Node, isPlaceable: false);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void SetPlaceable(int node, bool isPlaceable)
    {
        foreach (IBalancer balancer in _balancers)
        {
            balancer.SetPlaceable(node, isPlaceable);
        }
    }

    private void Lose(IReadOnlyList<SimulatedCall> calls)
    {
        foreach (SimulatedCall call in calls)
        {
            _lost += IsMeasured(call) ? 1 : 0;
            _balancers[call.Traced.Balancer].Release(call, CallOutcome.Aborted, -1, NowMilliseconds);
        }
    }

    private void Record(SimulatedCall call, double waitMilliseconds)
    {
        if (IsMeasured(call))
        {
            double at = call.Traced.AtMicroseconds / 1e6;
            _calls.Add(new CallRecord(at, call.Traced.Function, call.Node, waitMilliseconds));
        }
    }

    private bool IsMeasured(SimulatedCall call) => call.Traced.AtMicroseconds / 1e6 >= _scenario.WarmUpSeconds;

    private void Sample()
    {
        if (_samples.Count == 0)
        {
            _launchesBefore = _events.Launches;
        }

        foreach (SimulatedFunction function in _trace.Functions)
        {
            int nodes = _nodes.Count(node => node.Containers.GetValueOrDefault(function) > 0);
            if (nodes > 0)
            {
                _samples.Add(new ContainerSample(NowSeconds, function.Index, nodes));
            }
        }
    }
}

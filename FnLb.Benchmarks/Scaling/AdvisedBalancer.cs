using FnLb.Benchmarks.Simulation;
using FnLb.Core.Routing;
using FnLb.Host.Telemetry;

namespace FnLb.Benchmarks.Scaling;

/// <summary>
/// The router of FnLb with the advice on scaling that its traffic leads to, second by second of the simulated clock.
/// </summary>
internal sealed class AdvisedBalancer(WarmRankBalancer inner, double target) : IBalancer
{
    private readonly ScaleAdvisor _advisor = new(target);
    private readonly List<AdvisedSecond> _seconds = [];
    private long _second;
    private int _arrivals;
    private int _placements;
    private int _crowded;
    private int _ended;
    private int _waits;
    private int _cold;
    private double _runSeconds;
    private double _waitSeconds;

    /// <summary>What was advised at the end of each second.</summary>
    public IReadOnlyList<AdvisedSecond> Seconds => _seconds;

    public bool PlacesBusyAgain => inner.PlacesBusyAgain;

    public int Place(SimulatedCall call, long nowMilliseconds)
    {
        EndSecondsBefore(nowMilliseconds);
        int node = inner.Place(call, nowMilliseconds);
        _arrivals += call.Tried.Count == 0 ? 1 : 0;
        _placements++;
        bool isCrowded = call.Placement.Reason
            is PlacementReason.Saturated or PlacementReason.Bounded or PlacementReason.AllOut;
        _crowded += isCrowded ? 1 : 0;
        return node;
    }

    public void Release(SimulatedCall call, CallOutcome outcome, long waitNanoseconds, long nowMilliseconds)
    {
        EndSecondsBefore(nowMilliseconds);
        inner.Release(call, outcome, waitNanoseconds, nowMilliseconds);
        if (outcome == CallOutcome.NotStarted)
        {
            _crowded++;
        }
        else if (outcome == CallOutcome.Answered)
        {
            double atNode = (nowMilliseconds / 1000.0) - (call.PlacedMicroseconds / 1e6);
            double wait = double.Max(waitNanoseconds, 0) / 1e9;
            _ended++;
            _runSeconds += double.Max(atNode - wait, 0);
            _waitSeconds += wait;
            _waits += waitNanoseconds >= 0 ? 1 : 0;
            _cold += waitNanoseconds >= 0 && call.Placement.IsColdStart(waitNanoseconds) ? 1 : 0;
        }
    }

    public void SetPlaceable(int node, bool isPlaceable) => inner.SetPlaceable(node, isPlaceable);

    private void EndSecondsBefore(long nowMilliseconds)
    {
        while (_second < nowMilliseconds / 1000)
        {
            ClusterSurvey survey = inner.Router.Survey();
            var capacity = LearnedCapacity.Of(survey);
            _advisor.Add(new ScaleSample
            {
                Nodes = capacity.Nodes,
                CapacityCalls = capacity.Calls,
                IsCapacityKnown = capacity.IsKnown,
                Arrivals = _arrivals,
                Ended = _ended,
                RunSeconds = _runSeconds,
                WaitSeconds = _waitSeconds,
                InFlight = inner.Router.InFlight,
                Placements = _placements,
                Crowded = _crowded,
                Waits = _waits,
                Cold = _cold,
                EvictedShare = survey.EvictedShare,
            });
            ScaleAdvice advice = _advisor.Advice;
            int recommended = advice.Recommended ?? advice.Nodes;
            _seconds.Add(new AdvisedSecond(++_second, recommended, advice.DemandCalls, advice.CapacityCalls)
            {
                Reason = advice.Reason,
            });
            _arrivals = _placements = _crowded = _ended = _waits = _cold = 0;
            _runSeconds = _waitSeconds = 0;
        }
    }
}

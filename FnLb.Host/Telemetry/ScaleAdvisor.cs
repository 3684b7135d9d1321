using System.Globalization;

namespace FnLb.Host.Telemetry;

/// <summary>Recommends a number of nodes from what each second brought.</summary>
/// <remarks>
/// The demand is Little's law: arrivals a second times the time a call runs, which a growing queue does not inflate;
/// calls that outlast the window are seen in flight, without those that wait. What counts is the median of the last 15
/// seconds, so that a burst of 5 s changes nothing, what it leaves behind included, and a step is believed after 8.
/// A fall of the learned capacity is believed as late. What only says that something is short has to last for most of
/// half a minute, as queues take longer to drain than to fill.
/// The number grows at once when the need does, and shrinks only to the highest that any second of the last 90 called
/// for, and never within the first 90: what an autoscaler follows must not swing, and a process that took over from
/// another does not know what that one saw. While no node was ever full, the capacity is only known to be no
/// less than what was learned: that is reason enough to shrink, none to grow. While no node takes calls the last number
/// stands: an outage is no reason to remove what is out.
/// One thread adds, any thread reads.
/// </remarks>
/// <param name="target">Share of the capacity that should be used, above 0 and at most 1.</param>
internal sealed class ScaleAdvisor(double target)
{
    private const int DemandSeconds = 15;
    private const int PressureSeconds = 30;
    private const int HoldSeconds = 90;
    private const int TrendSeconds = 60;
    private const string NoNodes = "no node takes calls";

    // Of the seconds that pressure is judged by; five seconds of overload are felt for up to twelve.
    private const double MostlyMin = 0.6;

    // What is missing of a node by less than that is noise.
    private const double NodesSlack = 0.1;

    // Below this share of placements it is chance; above this share of calls, memory for warm containers is short.
    private const double CrowdedShareMax = 0.05;
    private const double EvictedShareMax = 0.04;

    private readonly Queue<ScaleSample> _samples = new();
    private readonly Queue<double> _crowdedShares = new();
    private readonly Queue<double> _evictedShares = new();
    private readonly Queue<int> _needs = new();
    private readonly Queue<double> _utilisations = new();
    private volatile ScaleAdvice _advice = Nothing(target);

    /// <summary>The advice as of the last second.</summary>
    public ScaleAdvice Advice => _advice;

    public void Add(ScaleSample sample)
    {
        if (sample.Nodes == 0)
        {
            // What happens without nodes says nothing of how many are needed: the last advice stands.
            _advice = _advice with
            {
                Nodes = 0,
                Reason = _advice.Recommended is null ? NoNodes : $"{NoNodes}: what was advised before stands",
            };
            return;
        }

        Keep(_samples, sample, DemandSeconds);
        Keep(_crowdedShares, sample.Crowded / double.Max(sample.Placements, 1), PressureSeconds);
        Keep(_evictedShares, sample.EvictedShare, PressureSeconds);
        double demand = Demand();
        double perNode = PerNode(sample);
        double capacity = perNode * sample.Nodes;
        double utilisation = capacity > 0 ? demand / capacity : 0;
        Keep(_utilisations, utilisation, TrendSeconds);
        double exactNeed = perNode > 0 ? demand / (target * perNode) : sample.Nodes;
        int need = int.Max((int)Math.Ceiling(exactNeed - NodesSlack), 1);
        Pressure pressure = IsMostly(_crowdedShares, CrowdedShareMax) ? Pressure.Crowded
            : IsMostly(_evictedShares, EvictedShareMax) ? Pressure.Evicted
            : Pressure.None;
        if (pressure != Pressure.None)
        {
            need = int.Max(need, sample.Nodes + int.Max(1, sample.Nodes / 10));
        }
        else if (!sample.IsCapacityKnown)
        {
            need = int.Min(need, sample.Nodes);
        }

        Keep(_needs, need, HoldSeconds);
        int held = int.Max(_needs.Max(), _needs.Count < HoldSeconds ? sample.Nodes : 0);

        // Until there is enough to judge by, nothing is said that an autoscaler could follow.
        int? recommended = _samples.Count < DemandSeconds ? null : held;
        _advice = new ScaleAdvice
        {
            Nodes = sample.Nodes,
            Recommended = recommended,
            Target = target,
            Utilisation = utilisation,
            TrendPerMinute = Trend(),
            DemandCalls = demand,
            CapacityCalls = capacity,
            IsCapacityKnown = sample.IsCapacityKnown,
            HeadroomCallsPerSecond = Headroom(capacity - demand),
            CrowdedShare = Share(second => second.Crowded, second => second.Placements),
            ColdShare = Share(second => second.Cold, second => second.Waits),
            Reason = Explain(sample, demand, perNode, recommended, need, pressure),
        };
    }

    private static ScaleAdvice Nothing(double target) => new()
    {
        Nodes = 0,
        Recommended = null,
        Target = target,
        Utilisation = 0,
        TrendPerMinute = 0,
        DemandCalls = 0,
        CapacityCalls = 0,
        IsCapacityKnown = false,
        HeadroomCallsPerSecond = 0,
        CrowdedShare = 0,
        ColdShare = 0,
        Reason = "nothing was measured yet",
    };

    private static void Keep<T>(Queue<T> queue, T item, int max)
    {
        queue.Enqueue(item);
        if (queue.Count > max)
        {
            queue.Dequeue();
        }
    }

    /// <summary>Of no seconds, 0.</summary>
    private static double MedianOf(IEnumerable<double> seconds)
    {
        double[] values = [.. seconds.Order()];
        return values.Length == 0 ? 0 : (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }

    private static bool IsMostly(Queue<double> shares, double max) =>
        shares.Count(share => share > max) >= MostlyMin * PressureSeconds;

    private double Demand()
    {
        double arrivals = MedianOf(_samples.Select(second => second.Arrivals));
        double ended = _samples.Sum(second => second.Ended);
        double run = ended > 0 ? _samples.Sum(second => second.RunSeconds) / ended : 0;

        // Calls that outlast the window are there most of the time. As many wait at a time as seconds are waited in
        // one, and what waits needs no more room than it will run.
        double[] seen = [.. _samples
            .Select(second => double.Clamp(second.InFlight - second.WaitSeconds, 0, second.CapacityCalls))
            .Order()];
        return double.Max(arrivals * run, seen[seen.Length / 3]);
    }

    // A rise is believed at once, as a node takes what it was seen to take.
    private double PerNode(ScaleSample sample)
    {
        double usual = MedianOf(_samples.Select(second => second.CapacityCalls / second.Nodes));
        return double.Max(sample.CapacityCalls / sample.Nodes, usual);
    }

    private double Share(Func<ScaleSample, double> part, Func<ScaleSample, double> whole)
    {
        double all = _samples.Sum(whole);
        return all > 0 ? _samples.Sum(part) / all : 0;
    }

    private double Headroom(double freeCalls)
    {
        double ended = _samples.Sum(second => second.Ended);
        double run = _samples.Sum(second => second.RunSeconds);
        return run > 0 ? double.Max(freeCalls, 0) * ended / run : 0;
    }

    // The slope of the straight line that fits the last minute best.
    private double Trend()
    {
        double[] values = [.. _utilisations];
        if (values.Length < DemandSeconds)
        {
            return 0;
        }

        double middle = (values.Length - 1) / 2.0;
        double mean = values.Average();
        double spread = 0;
        double together = 0;
        for (int second = 0; second < values.Length; second++)
        {
            spread += (second - middle) * (second - middle);
            together += (second - middle) * (values[second] - mean);
        }

        return together / spread * 60;
    }

    private string Explain(
        ScaleSample sample, double demand, double perNode, int? advised, int need, Pressure pressure)
    {
        if (advised is not { } recommended)
        {
            return "too short a time was measured to judge";
        }

        string known = sample.IsCapacityKnown ? "" : " at least";
        string numbers = string.Create(
            CultureInfo.InvariantCulture,
            $"{demand:0.#} calls run at once, a node takes{known} {perNode:0.#}, {target:0%} of that should be used");
        return (recommended.CompareTo(sample.Nodes), pressure) switch
        {
            ( > 0, Pressure.Crowded) when need >= recommended => $"calls find no node with room: {numbers}",
            ( > 0, Pressure.Evicted) when need >= recommended =>
                $"containers are evicted before their next call: {numbers}",
            (0, _) when _needs.Max() < recommended => $"too short a time was measured to remove nodes: {numbers}",
            ( >= 0, _) when need < recommended => $"the last {HoldSeconds} s needed more than now: {numbers}",
            ( > 0, _) => $"more is used than should be: {numbers}",
            ( < 0, _) => $"fewer nodes are enough: {numbers}",
            _ => $"the number of nodes is right: {numbers}",
        };
    }

    private enum Pressure
    {
        None,
        Crowded,
        Evicted,
    }
}

using System.Runtime.CompilerServices;
using System.Text;

namespace FnLb.Core.Telemetry;

/// <summary>What one event loop measures of its calls: in all, by node, by function, and for each second.</summary>
/// <remarks>
/// The loop's thread writes; what is public and has no other remark may be read by any. Bounded, whatever paths clients
/// think of: histograms for the top functions only, tallies for so many functions as are called within a minute, up to
/// a limit; the rest is counted as <see cref="OtherName"/>. Memory is taken when a function is first seen, not for a
/// call. Once there are more than a few functions, that is when it is seen again: a scan over paths that are called
/// once would otherwise take a name, a tally and a row for each, and give them up again a second later.
/// </remarks>
/// <param name="topMax">Functions with histograms of their own.</param>
public sealed class LoopMeter(TimeProvider time, int topMax)
{
    /// <summary>Stands for all functions without a name of their own.</summary>
    public const string OtherName = "other";

    private const int FunctionsMax = 8192;
    private const int FunctionsAtFirstCall = 1024;
    private const int SeenPlaces = 65536;
    private const int SeenWays = 4;
    private const int TalliesMax = 32768;
    private const int NameCharsMax = 200;
    private const int KeptSeconds = 60;
    private const int SweepSeconds = 16;

    private readonly Dictionary<ulong, FunctionMeter> _functions = [];
    private readonly List<CallTally> _active = [];
    private readonly FunctionMeter _other = CreateOther();
    private FunctionMeter[] _top = [];
    private IReadOnlyList<NodeMeter> _nodes = [];

    // What has been published of it stays as it is; the next node comes behind.
    private NodeMeter[] _nodeRoom = [];
    private ulong[] _seen = [];
    private int _tallies;
    private long _second;
    private long _publishedSecond;
    private long _rollDueNanoseconds = long.MinValue;

    /// <summary>From a request's arrival to the end of its answer, over all calls.</summary>
    public LatencyHistogram Total { get; } = new();

    /// <summary>The part that was not the node's.</summary>
    public LatencyHistogram Added { get; } = new();

    /// <summary>How long calls waited at their nodes, of those where the node says.</summary>
    public LatencyHistogram Wait { get; } = new();

    /// <summary>How long the loop was busy after each wake-up: what arrived meanwhile waited.</summary>
    public LatencyHistogram Turns { get; } = new();

    public StatsWindow Window { get; } = new();

    /// <summary>The last second (Unix time) of which nothing more will be published; 0 before the first.</summary>
    public long PublishedSecond => Volatile.Read(ref _publishedSecond);

    /// <summary>One for each node that has had a call here and belongs to the cluster. A list that was read does not
    /// change.</summary>
    public IReadOnlyList<NodeMeter> Nodes => Volatile.Read(ref _nodes);

    /// <summary>The functions with histograms.</summary>
    public IReadOnlyList<FunctionMeter> Top => Volatile.Read(ref _top);

    /// <summary>The histograms of all the others.</summary>
    public FunctionMeter Other => _other;

    /// <summary>On the loop's thread.</summary>
    public NodeMeter AddNode(string name)
    {
        NodeMeter meter = new(name);
        int count = _nodes.Count;
        if (count == _nodeRoom.Length)
        {
            Array.Resize(ref _nodeRoom, int.Max(4, 2 * count));
        }

        _nodeRoom[count] = meter;
        Volatile.Write(ref _nodes, new ArraySegment<NodeMeter>(_nodeRoom, 0, count + 1));
        return meter;
    }

    /// <summary>The nodes have left; calls that are still there may be recorded. On the loop's thread.</summary>
    public void RemoveNodes(IReadOnlySet<NodeMeter> gone)
    {
        _nodeRoom = [.. _nodes.Where(node => !gone.Contains(node))];
        Volatile.Write(ref _nodes, _nodeRoom);
    }

    /// <summary>The meter of a function. On the loop's thread.</summary>
    /// <returns>False for one that is new: <see cref="Admit"/> gives it a name.</returns>
    public bool TryFind(ulong route, out FunctionMeter? function) => _functions.TryGetValue(route, out function);

    /// <summary>
    /// Makes a meter for a function, or counts it among the others for now. On the loop's thread.
    /// </summary>
    /// <param name="name">Latin-1; cut when it is long.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public FunctionMeter Admit(ulong route, ReadOnlySpan<byte> name)
    {
        if (_functions.Count >= FunctionsMax || (_functions.Count >= FunctionsAtFirstCall && !WasSeen(route)))
        {
            return _other;
        }

        string text = Encoding.Latin1.GetString(name[..int.Min(name.Length, NameCharsMax)]);
        string shown = name.Length > NameCharsMax ? text + '…' : text;
        FunctionMeter function = new(shown, route) { UsedSecond = _second };
        _functions.Add(route, function);
        if (_top.Length < topMax)
        {
            function.BeginHistograms();
            Volatile.Write(ref _top, [.. _top, function]);
        }

        return function;
    }

    /// <summary>Gives the histograms to other functions. On the loop's thread.</summary>
    /// <param name="names">At most as many as may have some.</param>
    public void ChooseTop(IReadOnlySet<string> names)
    {
        List<FunctionMeter> top = [];
        foreach (FunctionMeter function in _functions.Values)
        {
            if (!names.Contains(function.Name))
            {
                function.EndHistograms();
            }
            else if (top.Count < topMax)
            {
                if (function.Total is null)
                {
                    function.BeginHistograms();
                }

                top.Add(function);
            }
        }

        Volatile.Write(ref _top, [.. top]);
    }

    /// <summary>Counts a call that was answered. On the loop's thread; never allocates for a known function.</summary>
    /// <param name="nowNanoseconds">Monotonic.</param>
    public void Record(in CallRecord call, long nowNanoseconds)
    {
        RollIfDue(nowNanoseconds);
        int totalPlace = LatencyHistogram.PlaceOf(call.TotalNanoseconds);
        Total.Record(call.TotalNanoseconds, totalPlace);
        Added.Record(call.AddedNanoseconds);
        if (call.WaitNanoseconds >= 0)
        {
            Wait.Record(call.WaitNanoseconds);
        }

        call.Node?.Record(call, totalPlace);
        if (call.Function is not { } function)
        {
            return;
        }

        (function.Total ?? _other.Total!).Record(call.TotalNanoseconds, totalPlace);
        if (call.WaitNanoseconds >= 0)
        {
            (function.Wait ?? _other.Wait!).Record(call.WaitNanoseconds);
        }

        if (call.Node is { } node)
        {
            function.UsedSecond = _second;
            Tally(function.Find(node) ?? AddTally(function, node), call);
        }
    }

    /// <summary>Publishes the second that has ended, if one has. On the loop's thread.</summary>
    public void RollIfDue(long nowNanoseconds)
    {
        if (nowNanoseconds >= _rollDueNanoseconds)
        {
            Roll(nowNanoseconds);
        }
    }

    private static FunctionMeter CreateOther()
    {
        FunctionMeter other = new(OtherName);
        other.BeginHistograms();
        return other;
    }

    // Whoever came last has a place: what is called often comes again before it is pushed out.
    private bool WasSeen(ulong route)
    {
        if (_seen.Length == 0)
        {
            _seen = new ulong[SeenPlaces];
        }

        // Several side by side: two in one place that take turns would otherwise push each other out for ever.
        Span<ulong> places = _seen.AsSpan((int)(route % (SeenPlaces / SeenWays)) * SeenWays, SeenWays);
        bool wasSeen = places.Contains(route);
        places[..^1].CopyTo(places[1..]);
        places[0] = route;
        return wasSeen;
    }

    private void Tally(CallTally tally, in CallRecord call)
    {
        if (tally.IsEmpty)
        {
            _active.Add(tally);
        }

        tally.Add(call, _second);
    }

    // The others need one for each node, which is a bound of its own.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private CallTally AddTally(FunctionMeter function, NodeMeter node)
    {
        FunctionMeter owner = _tallies < TalliesMax ? function : _other;
        if (owner.Find(node) is { } known)
        {
            return known;
        }

        _tallies++;
        return owner.Add(node);
    }

    private void Roll(long nowNanoseconds)
    {
        DateTimeOffset now = time.GetUtcNow();
        long second = now.ToUnixTimeSeconds();
        long ticksLeft = TimeSpan.TicksPerSecond - (now.Ticks % TimeSpan.TicksPerSecond);
        _rollDueNanoseconds = nowNanoseconds + (ticksLeft * TimeSpan.NanosecondsPerTick);
        if (second == _second)
        {
            return;
        }

        if (_active.Count > 0)
        {
            StatsRow[] rows = new StatsRow[_active.Count];
            for (int index = 0; index < rows.Length; index++)
            {
                rows[index] = _active[index].Take();
            }

            _active.Clear();
            Window.Publish(new StatsSecond(_second, rows));
        }

        _second = second;
        Volatile.Write(ref _publishedSecond, second - 1);
        bool isCrowded = _functions.Count > FunctionsMax * 3 / 4 || _tallies > TalliesMax * 3 / 4;
        if (isCrowded || second % SweepSeconds == 0)
        {
            Sweep(isCrowded ? second - 1 : second - KeptSeconds);
        }
    }

    // What its seconds said is published already; only the name is lost, and comes back with the next call.
    private void Sweep(long sinceSecond)
    {
        _tallies = 0;
        foreach ((ulong route, FunctionMeter function) in _functions)
        {
            function.Forget(sinceSecond);
            if (function.UsedSecond < sinceSecond && function.Total is null)
            {
                _ = _functions.Remove(route);
            }

            _tallies += function.Tallies;
        }

        _other.Forget(sinceSecond);
        _tallies += _other.Tallies;
    }
}

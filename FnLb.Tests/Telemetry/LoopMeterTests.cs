using System.Text;
using FnLb.Core.Telemetry;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace FnLb.Tests.Telemetry;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LoopMeterTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_000_000_000));
    private readonly LoopMeter _meter;
    private readonly NodeMeter _a;
    private readonly NodeMeter _b;

    public LoopMeterTests()
    {
        _meter = new LoopMeter(_time, topMax: 2);
        _a = _meter.AddNode("a:1");
        _b = _meter.AddNode("b:1");
    }

    private long Second => _time.GetUtcNow().ToUnixTimeSeconds();

    [Test]
    public void A_second_has_one_row_for_each_function_and_node_once_it_is_over()
    {
        long second = Second;
        Record("/f", _a, wait: 2);
        Record("/f", _a, wait: 4, status: 500);
        Record("/f", _b, wait: -1);
        Record("/g", _a, wait: -1);
        Assert.That(_meter.Window.Find(second), Is.Null, "the second is not over");

        Advance(1);

        StatsRow[] rows = [.. _meter.Window.Find(second)!.Rows];
        Assert.That(rows.Select(row => (row.Function, row.Node, row.Calls, row.Waits)), Is.EquivalentTo(
            ((string, string, int, int)[])[("/f", "a:1", 2, 2), ("/f", "b:1", 1, 0), ("/g", "a:1", 1, 0)]));
        StatsRow first = rows.Single(row => row is { Function: "/f", Node: "a:1" });
        Assert.That((first.WaitSeconds, first.Errors), Is.EqualTo((6, 1)));
        Assert.That(first.TotalSeconds, Is.EqualTo(20));
    }

    [Test]
    public void A_call_belongs_to_the_second_it_ended_in_however_late_that_is_published()
    {
        long second = Second;
        Record("/f", _a);
        Advance(7);
        Record("/f", _b);
        Advance(1);

        Assert.That(_meter.Window.Find(second)!.Rows.Single().Node, Is.EqualTo("a:1"));
        Assert.That(_meter.Window.Find(second + 7)!.Rows.Single().Node, Is.EqualTo("b:1"));
    }

    [Test]
    public void The_window_forgets_what_is_older_than_a_minute()
    {
        long second = Second;
        Record("/f", _a);
        for (int i = 0; i < 64; i++)
        {
            Advance(1);
            Record("/f", _a);
        }

        Advance(1);
        Assert.That(_meter.Window.Find(second), Is.Null);
        Assert.That(_meter.Window.Find(second + 5), Is.Not.Null);
    }

    [Test]
    public void The_first_functions_get_histograms_and_the_rest_shares_one_until_others_are_chosen()
    {
        Record("/f", _a);
        Record("/g", _a);
        Record("/h", _a);
        Record("/h", _a);
        Assert.That(_meter.Top.Select(function => function.Name), Is.EqualTo((string[])["/f", "/g"]));
        Assert.That(Count(_meter.Other.Total!), Is.EqualTo(2));

        _meter.ChooseTop(new HashSet<string> { "/h", "/f" });
        Record("/h", _a);
        Record("/g", _a);

        Assert.That(_meter.Top.Select(function => function.Name), Is.EquivalentTo((string[])["/f", "/h"]));
        Assert.That(_meter.Top.Select(function => Count(function.Total!)), Is.EqualTo((long[])[1, 1]));
        Assert.That(Count(_meter.Other.Total!), Is.EqualTo(3));
        Assert.That(Count(_meter.Total), Is.EqualTo(6));
    }

    [Test]
    public void A_million_paths_leave_the_memory_as_it_was_and_hide_no_call()
    {
        const int paths = 1_000_000;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long counted = 0;
        for (int i = 0; i < paths; i++)
        {
            Record($"/scan/{i}", _a);
            if (i % 50_000 == 49_999)
            {
                long second = Second;
                Advance(1);
                counted += _meter.Window.Find(second)!.Rows.Sum(row => row.Calls);
            }
        }

        // All but the last minute's rows are gone.
        Advance(70);
        Record("/f", _a);
        Advance(70);
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.That(counted, Is.EqualTo(paths));
        Assert.That(grown, Is.LessThan(1_000_000));
    }

    [Test]
    public void Among_many_functions_one_gets_its_name_with_its_second_call()
    {
        for (int i = 0; i < 1024; i++)
        {
            Record($"/r/app/f{i}", _a);
        }

        Record("/called-twice", _a);
        Record("/called-once", _a);
        Record("/called-twice", _a);
        long second = Second;
        Advance(1);

        ILookup<string, StatsRow> rows = _meter.Window.Find(second)!.Rows.ToLookup(row => row.Function);
        Assert.That(rows["/called-twice"].Sum(row => row.Calls), Is.EqualTo(1));
        Assert.That(rows["/called-once"], Is.Empty);
        Assert.That(rows[LoopMeter.OtherName].Sum(row => row.Calls), Is.EqualTo(2));
        Assert.That(rows["/r/app/f1023"].Sum(row => row.Calls), Is.EqualTo(1));
    }

    [Test]
    public void A_known_function_costs_no_allocation()
    {
        CallRecord call = CallOf("/f", _a, wait: 1, status: 200);
        _meter.Record(call, Nanoseconds);
        _meter.Record(call with { Node = _b }, Nanoseconds);
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < 1000; i++)
        {
            _meter.Record(call with { Node = i % 2 == 0 ? _a : _b }, Nanoseconds);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void A_list_of_nodes_that_was_read_stays_as_it_was_while_nodes_come_and_go()
    {
        List<IReadOnlyList<NodeMeter>> read = [];
        List<string[]> names = [];
        for (int i = 0; i < 20; i++)
        {
            _ = _meter.AddNode($"c:{i}");
            Read();
            if (i % 6 == 5)
            {
                _meter.RemoveNodes(new HashSet<NodeMeter> { _meter.Nodes[0], _meter.Nodes[^2] });
                Read();
            }
        }

        Assert.That(read.Select(nodes => nodes.Select(node => node.Name)), Is.EqualTo(names));
        Assert.That(_meter.Nodes.Select(node => node.Name), Is.EqualTo((string[])
            ["c:1", "c:2", "c:3", "c:5", "c:6", "c:7", "c:8", "c:9", "c:11", "c:12", "c:13", "c:14", "c:15", "c:17",
            "c:18", "c:19"]));

        void Read()
        {
            read.Add(_meter.Nodes);
            names.Add([.. _meter.Nodes.Select(node => node.Name)]);
        }
    }

    /// <summary>A new list for each of them would take 16 MB.</summary>
    [Test]
    public void Two_thousand_nodes_come_without_a_copy_of_the_list_for_each()
    {
        const int nodes = 2_000;
        long start = GC.GetAllocatedBytesForCurrentThread();
        _ = new NodeMeter("alone:1");
        long one = GC.GetAllocatedBytesForCurrentThread() - start;
        start = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < nodes; i++)
        {
            _ = _meter.AddNode("many:1");
        }

        long lists = GC.GetAllocatedBytesForCurrentThread() - start - (nodes * one);
        Assert.That(lists, Is.LessThan(nodes * 100));
    }

    private long Nanoseconds => _time.GetUtcNow().Ticks * 100;

    private static long Count(LatencyHistogram histogram)
    {
        LatencySnapshot snapshot = new();
        histogram.AddTo(snapshot);
        return snapshot.Count;
    }

    private void Advance(int seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _meter.RollIfDue(Nanoseconds);
    }

    private void Record(string function, NodeMeter node, int wait = -1, int status = 200) =>
        _meter.Record(CallOf(function, node, wait, status), Nanoseconds);

    private CallRecord CallOf(string function, NodeMeter node, int wait, int status)
    {
        byte[] name = Encoding.ASCII.GetBytes(function);
        ulong key = FnLb.Core.Routing.RouteKey.Of(name).Hash;
        return new CallRecord
        {
            Function = _meter.TryFind(key, out FunctionMeter? known) ? known : _meter.Admit(key, name),
            Node = node,
            Status = status,
            TotalNanoseconds = 10_000_000_000,
            AtNodeNanoseconds = 9_999_999_000,
            AddedNanoseconds = 1000,
            WaitNanoseconds = wait < 0 ? -1 : wait * 1_000_000_000L,
            IsCold = false,
            IsSpilled = false,
        };
    }
}

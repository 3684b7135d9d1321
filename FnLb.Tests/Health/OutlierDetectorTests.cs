using FnLb.Core.Health;
using FnLb.Core.Nodes;
using FnLb.Tests.Harness;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace FnLb.Tests.Health;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OutlierDetectorTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly NodeDirectory _directory = new();
    private readonly RecordedLog _log = new();
    private readonly List<Node> _judged = [];
    private OutlierDetector? _detector;

    [TearDown]
    public async Task Stop() => await (_detector?.DisposeAsync() ?? ValueTask.CompletedTask);

    [Test]
    public async Task Faults_in_a_row_eject_a_node_and_an_answer_between_them_does_not_let_it_come_to_that()
    {
        Node[] nodes = Start(3);
        for (int i = 0; i < 4; i++)
        {
            _directory.ReportLostConnection(nodes[0], sentNanoseconds: 0);
            _directory.ReportLostConnection(nodes[1], sentNanoseconds: 0);
        }

        _directory.ReportAnswer(nodes[1], 200, sentNanoseconds: 0);
        for (int i = 0; i < 4; i++)
        {
            _directory.ReportLostConnection(nodes[1], sentNanoseconds: 0);
        }

        _directory.ReportLostConnection(nodes[0], sentNanoseconds: 0);

        await Eventually.HoldsAsync(() => nodes[0].Operational == OperationalState.Ejected, "it is ejected");
        Assert.That(nodes[1].Operational, Is.EqualTo(OperationalState.Online));
        Assert.That(nodes[0].LastFailure!.Reason, Does.EndWith("got no answer: 5"));
        await Eventually.HoldsAsync(() => _judged is [Node judged] && judged == nodes[0], "its watch was told");
        Assert.That(_log.Lines, Has.Some.StartsWith("Warning 3004 Node n0:1 is to take no calls for 00:00:05"));
    }

    [Test]
    public async Task Answers_of_5xx_eject_only_when_that_was_asked_for([Values(0, 3)] int limit)
    {
        Node[] nodes = Start(3, new OutlierOptions { ServerErrorsToEject = limit, FailuresToEject = 1 });
        for (int i = 0; i < 3; i++)
        {
            _directory.ReportAnswer(nodes[0], 503, sentNanoseconds: 0);
        }

        // A second node that surely is ejected shows that the first was looked at before.
        _directory.ReportLostConnection(nodes[1], sentNanoseconds: 0);
        await Eventually.HoldsAsync(
            () => nodes[1].Operational == OperationalState.Ejected || _detector!.IsPanicking, "the second was judged");

        bool isEjected = _detector!.EjectedFor(nodes[0], out _) > TimeSpan.Zero;
        Assert.That(isEjected, Is.EqualTo(limit > 0));
    }

    [Test]
    public void Each_ejection_lasts_twice_as_long_up_to_five_minutes_and_time_in_service_makes_up_for_it()
    {
        Node node = Start(3)[0];
        List<double> seconds = [];
        for (int i = 0; i < 8; i++)
        {
            seconds.Add(Eject(node));
            _time.Advance(_detector!.EjectedFor(node, out _));
        }

        _time.Advance(TimeSpan.FromMinutes(3));
        seconds.Add(Eject(node));
        _time.Advance(_detector!.EjectedFor(node, out _) + TimeSpan.FromHours(1));
        seconds.Add(Eject(node));

        Assert.That(seconds, Is.EqualTo((double[])[5, 10, 20, 40, 80, 160, 300, 300, 160, 5]));
    }

    [Test]
    public void A_node_that_is_ejected_is_not_judged_again()
    {
        Node node = Start(3)[0];
        Eject(node);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.That(Eject(node), Is.EqualTo(3));
    }

    [Test]
    public void When_more_than_half_would_be_out_all_are_used_until_that_is_over()
    {
        Node[] nodes = Start(4);
        Eject(nodes[0]);
        Eject(nodes[1]);
        bool[] before = Placeable(nodes);
        _time.Advance(TimeSpan.FromSeconds(3));

        Eject(nodes[2]);

        Assert.That(before, Is.EqualTo((bool[])[false, false, true, true]));
        Assert.That((_detector!.IsPanicking, Placeable(nodes)), Is.EqualTo((true, (bool[])[true, true, true, true])));
        Assert.That(_detector.MayReturn(nodes[0]), Is.True);
        Assert.That(_log.Lines, Has.Some.StartsWith("Error 3005 3 of 4 nodes would be out"));

        _time.Advance(TimeSpan.FromSeconds(2));
        _detector.Review();

        Assert.That((_detector.IsPanicking, Placeable(nodes)), Is.EqualTo((false, (bool[])[true, true, false, true])));
        Assert.That(_detector.MayReturn(nodes[2]), Is.False);
    }

    [Test]
    public void Nodes_whose_checks_fail_count_as_out_and_stay_out_in_panic()
    {
        Node[] nodes = Start(4);
        nodes[0].Operational = nodes[1].Operational = OperationalState.Offline;

        Eject(nodes[2]);

        Assert.That((_detector!.IsPanicking, Placeable(nodes)), Is.EqualTo((true, (bool[])[false, false, true, true])));
    }

    [Test]
    public void The_only_node_is_never_ejected()
    {
        Node node = Start(1)[0];

        Eject(node);

        Assert.That((_detector!.IsPanicking, node.IsPlaceable), Is.EqualTo((true, true)));
    }

    [Test]
    public void Nodes_that_drain_do_not_count()
    {
        Node[] nodes = Start(4);
        nodes[2].Administrative = nodes[3].Administrative = AdministrativeState.Draining;
        Eject(nodes[0]);
        bool first = _detector!.IsPanicking;

        Eject(nodes[1]);

        Assert.That((first, _detector.IsPanicking), Is.EqualTo((false, true)));
    }

    [TestCase(OperationalState.Online, OperationalState.Offline)]
    [TestCase(OperationalState.Unknown, OperationalState.Unknown)]
    [TestCase(OperationalState.Ejected, OperationalState.Ejected)]
    public void A_call_that_could_not_connect_takes_an_online_node_out_at_once(
        OperationalState before, OperationalState after)
    {
        Node node = Start(3)[0];
        node.Operational = before;

        _detector!.TakeOut(node);

        Assert.That(node.Operational, Is.EqualTo(after));
    }

    [Test]
    public void Calls_that_cannot_connect_take_out_half_of_the_nodes_and_the_others_are_used_until_they_are_checked()
    {
        Node[] nodes = Start(4);
        foreach (Node node in nodes)
        {
            _detector!.TakeOut(node);
            _detector.Doubt(node);
        }

        Assert.That((_detector!.IsPanicking, Placeable(nodes)), Is.EqualTo((true, (bool[])[false, false, true, true])));
        _detector.NoteCheck(nodes[2]);
        Assert.That(_detector.IsPanicking, Is.True);
        _detector.NoteCheck(nodes[3]);
        Assert.That(_detector.IsPanicking, Is.False);
    }

    [Test]
    public void A_node_that_stays_in_use_though_a_call_could_not_connect_waives_no_ejection()
    {
        Node[] nodes = Start(4);
        Eject(nodes[0]);
        Eject(nodes[1]);

        _detector!.TakeOut(nodes[2]);
        _detector.Doubt(nodes[2]);

        Assert.That((_detector.IsPanicking, Placeable(nodes)), Is.EqualTo((true, (bool[])[false, false, true, true])));
        Assert.That(_detector.MayReturn(nodes[0]), Is.False);
    }

    [Test]
    public async Task Calls_that_cannot_connect_at_the_same_time_take_out_no_more_than_the_share()
    {
        const int rounds = 10_000;
        Node[] nodes = Start(2, new OutlierOptions { OutShareMax = 0.5 });
        int outMost = 0;
        int arrived = 0;
        void WaitForBoth(int meeting)
        {
            // A barrier wakes its waiters too far apart for calls that take so short a time to meet.
            Interlocked.Increment(ref arrived);
            SpinWait spin = default;
            while (Volatile.Read(ref arrived) < 2 * meeting)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }
        }

        void TakeOutEachRound(Node node)
        {
            for (int round = 0; round < rounds; round++)
            {
                node.Operational = OperationalState.Online;
                WaitForBoth((3 * round) + 1);
                _detector!.TakeOut(node);
                WaitForBoth((3 * round) + 2);
                int isOut = nodes.Count(other => !other.IsPlaceable);
                outMost = Math.Max(outMost, isOut);
                WaitForBoth((3 * round) + 3);
            }
        }

        await Task.WhenAll(
            Task.Run(() => TakeOutEachRound(nodes[0])), Task.Run(() => TakeOutEachRound(nodes[1])));

        Assert.That(outMost, Is.EqualTo(1));
    }

    [TestCase(OperationalState.Online)]
    [TestCase(OperationalState.Offline)]
    public void A_call_that_could_not_connect_costs_no_allocation_however_many_nodes_there_are(OperationalState state)
    {
        Node[] nodes = Start(100, new OutlierOptions { OutShareMax = 0 });
        nodes[0].Operational = state;
        _detector!.TakeOut(nodes[0]);
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < 1000; i++)
        {
            _detector.TakeOut(nodes[0]);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void A_node_that_is_used_again_because_too_many_are_out_is_told_to_who_remembers_its_failures()
    {
        Node[] nodes = Start(4);
        List<Node> returned = [];
        _directory.Returning += (node, _) => returned.Add(node);
        Eject(nodes[0]);
        Eject(nodes[1]);
        bool wereTold = returned.Count > 0;

        Eject(nodes[2]);

        Assert.That(wereTold, Is.False);
        Assert.That(returned, Is.EquivalentTo((Node[])[nodes[0], nodes[1]]));
    }

    [Test]
    public void A_node_that_left_is_forgotten()
    {
        Node[] nodes = Start(4);
        Eject(nodes[0]);
        _directory.Apply([Entries.Of("n1:1"), Entries.Of("n2:1"), Entries.Of("n3:1")]);
        _detector!.Review();

        Assert.That(_detector.EjectedFor(nodes[0], out _), Is.EqualTo(TimeSpan.Zero));
        Assert.That(Eject(nodes[0]), Is.Zero);
    }

    [Test]
    public void A_call_that_ends_well_costs_no_allocation()
    {
        Node node = Start(3)[0];
        _directory.ReportAnswer(node, 200, sentNanoseconds: 0);
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < 1000; i++)
        {
            _directory.ReportAnswer(node, 200, sentNanoseconds: 0);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void An_ejection_is_forgotten_when_time_in_service_has_made_up_for_it()
    {
        Node node = Start(3)[0];
        Eject(node);
        _time.Advance(TimeSpan.FromSeconds(5));
        Eject(node);
        node.Operational = OperationalState.Online;

        // Ten seconds of the second ejection, and a minute for each.
        _time.Advance(TimeSpan.FromSeconds(10 + 119));
        string remembered = ReasonNow(node);
        _time.Advance(TimeSpan.FromSeconds(1));
        string forgotten = ReasonNow(node);

        Assert.That((remembered.Length > 0, forgotten), Is.EqualTo((true, "")));
    }

    [Test]
    public void Why_a_node_is_ejected_is_remembered_as_long_as_it_waits_for_a_check()
    {
        Node node = Start(3)[0];
        Eject(node);

        _time.Advance(TimeSpan.FromSeconds(5));
        _detector!.Review();
        _time.Advance(TimeSpan.FromHours(1));
        string waiting = ReasonNow(node);
        node.Operational = OperationalState.Online;
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That((waiting.Length > 0, ReasonNow(node)), Is.EqualTo((true, "")));
    }

    private static bool[] Placeable(IEnumerable<Node> nodes) => [.. nodes.Select(node => node.IsPlaceable)];

    private Node[] Start(int count, OutlierOptions? options = null)
    {
        _directory.Apply([.. Enumerable.Range(0, count).Select(i => Entries.Of($"n{i}:1"))]);
        foreach (Node node in _directory.Nodes)
        {
            node.Operational = OperationalState.Online;
        }

        _detector = new OutlierDetector(_directory, options ?? new OutlierOptions(), _time, _log, _judged.Add);
        _detector.Start();
        return [.. _directory.Nodes];
    }

    private string ReasonNow(Node node)
    {
        _detector!.Review();
        _ = _detector.EjectedFor(node, out string reason);
        return reason;
    }

    /// <returns>Seconds that the node is ejected for.</returns>
    private double Eject(Node node)
    {
        _detector!.Judge(new Suspicion(node, TrafficFault.ConnectionLost, 5));
        return _detector.EjectedFor(node, out _).TotalSeconds;
    }
}

using FnLb.Core.Nodes;
using NUnit.Framework;

namespace FnLb.Tests.Nodes;

public sealed class IdleToleranceTests
{
    private IdleTolerance _tolerance = new();

    [SetUp]
    public void Start() => _tolerance = new IdleTolerance();

    [Test]
    public void Nothing_is_covered_before_a_connection_was_seen_to_stay_open_for_a_second()
    {
        Assert.That(_tolerance.Covers(0, nowMilliseconds: 5), Is.False);
        _tolerance.NoteKept(999);

        Assert.That(_tolerance.Covers(0, nowMilliseconds: 5), Is.False);
    }

    [Test]
    public void Half_of_what_was_seen_to_stay_open_is_covered_and_not_a_millisecond_more()
    {
        _tolerance.NoteKept(4_000);
        _tolerance.NoteKept(3_000);

        AssertCovered(1_999, nowMilliseconds: 5);
    }

    [Test]
    public void Half_of_the_time_after_which_the_node_closes_is_covered()
    {
        _tolerance.NoteClosed(5_003, nowMilliseconds: 10_000);
        _tolerance.NoteKept(9_000);

        AssertCovered(2_499, nowMilliseconds: 10_000);
    }

    [Test]
    public void The_shortest_time_counts()
    {
        _tolerance.NoteClosed(60_000, nowMilliseconds: 10_000);
        _tolerance.NoteClosed(4_000, nowMilliseconds: 10_000);
        _tolerance.NoteClosed(30_000, nowMilliseconds: 10_000);
        _tolerance.NoteKept(29_000);

        AssertCovered(1_999, nowMilliseconds: 10_000);
    }

    [Test]
    public void Nothing_is_covered_of_a_node_that_closes_within_a_second()
    {
        _tolerance.NoteKept(5_000);
        _tolerance.NoteClosed(50, nowMilliseconds: 10_000);
        _tolerance.NoteKept(5_000);

        Assert.That(_tolerance.Covers(0, nowMilliseconds: 10_001), Is.False);
    }

    [Test]
    public void A_close_is_forgotten_after_a_minute_without_another_like_it()
    {
        _tolerance.NoteClosed(50, nowMilliseconds: 10_000);
        _tolerance.NoteClosed(900, nowMilliseconds: 40_000);
        _tolerance.NoteClosed(7_000, nowMilliseconds: 90_000);
        _tolerance.NoteKept(1_000);

        Assert.That(_tolerance.Covers(0, nowMilliseconds: 99_999), Is.False);
        AssertCovered(499, nowMilliseconds: 100_000);
    }

    [Test]
    public void What_was_seen_before_a_close_within_a_second_has_to_be_seen_again()
    {
        _tolerance.NoteKept(5_000);
        _tolerance.NoteClosed(50, nowMilliseconds: 10_000);

        Assert.That(_tolerance.Covers(0, nowMilliseconds: 70_000), Is.False);
        _tolerance.NoteKept(1_000);
        AssertCovered(499, nowMilliseconds: 70_000);
    }

    [Test]
    public void After_the_memory_has_faded_a_longer_time_takes_its_place()
    {
        _tolerance.NoteClosed(50, nowMilliseconds: 10_000);
        _tolerance.NoteClosed(10_000, nowMilliseconds: 70_000);
        _tolerance.NoteKept(12_000);

        AssertCovered(4_999, nowMilliseconds: 70_000);
    }

    [Test]
    public void Nothing_is_known_of_what_listens_after_a_failed_connect()
    {
        _tolerance.NoteKept(5_000);
        _tolerance.NoteClosed(50, nowMilliseconds: 10_000);
        _tolerance.Forget();

        Assert.That(_tolerance.Covers(0, nowMilliseconds: 10_000), Is.False);
        _tolerance.NoteKept(1_000);
        AssertCovered(499, nowMilliseconds: 10_000);
    }

    private void AssertCovered(long milliseconds, long nowMilliseconds)
    {
        Assert.That(_tolerance.Covers(milliseconds, nowMilliseconds), Is.True);
        Assert.That(_tolerance.Covers(milliseconds + 1, nowMilliseconds), Is.False);
    }
}

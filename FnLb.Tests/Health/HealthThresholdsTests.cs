using FnLb.Core.Health;
using FnLb.Core.Nodes;
using NUnit.Framework;

namespace FnLb.Tests.Health;

public sealed class HealthThresholdsTests
{
    // Checks as + and -, the states after each as the first letter: Unknown, oNline, oFfline.
    [TestCase(2, 1, "+", "N")]
    [TestCase(2, 1, "-", "F")]
    [TestCase(2, 1, "+-", "NN")]
    [TestCase(2, 1, "+--", "NNF")]
    [TestCase(2, 1, "+-+-", "NNNN")]
    [TestCase(2, 1, "--+", "FFN")]
    [TestCase(3, 2, "-+-++", "FFFFN")]
    [TestCase(3, 2, "+--+---", "NNNNNNF")]
    public void The_first_check_decides_and_then_only_equal_ones_in_a_row(
        int toOffline, int toOnline, string checks, string states)
    {
        HealthThresholds thresholds = new(toOffline, toOnline);
        OperationalState state = OperationalState.Unknown;
        string seen = "";
        foreach (char check in checks)
        {
            state = thresholds.Count(state, passed: check == '+', mayReturn: true);
            seen += state == OperationalState.Online ? 'N' : 'F';
        }

        Assert.That(seen, Is.EqualTo(states));
    }

    [Test]
    public void Successes_before_a_call_failed_do_not_count()
    {
        HealthThresholds thresholds = new(failuresToOffline: 2, successesToOnline: 2);
        thresholds.Count(OperationalState.Offline, passed: true, mayReturn: true);

        thresholds.Doubt();

        OperationalState first = thresholds.Count(OperationalState.Offline, passed: true, mayReturn: true);
        OperationalState second = thresholds.Count(first, passed: true, mayReturn: true);

        Assert.That((first, second), Is.EqualTo((OperationalState.Offline, OperationalState.Online)));
    }

    [Test]
    public void After_a_call_failed_one_check_that_fails_is_enough_until_one_has_passed()
    {
        HealthThresholds thresholds = new(failuresToOffline: 2, successesToOnline: 1);
        thresholds.Doubt();

        OperationalState failed = thresholds.Count(OperationalState.Online, passed: false, mayReturn: true);
        thresholds.Count(failed, passed: true, mayReturn: true);
        OperationalState later = thresholds.Count(OperationalState.Online, passed: false, mayReturn: true);

        Assert.That((failed, later), Is.EqualTo((OperationalState.Offline, OperationalState.Online)));
    }

    [TestCase(OperationalState.Ejected, false, OperationalState.Ejected)]
    [TestCase(OperationalState.Ejected, true, OperationalState.Online)]
    [TestCase(OperationalState.Offline, false, OperationalState.Ejected)]
    [TestCase(OperationalState.Offline, true, OperationalState.Online)]
    public void A_check_that_passes_readmits_a_node_once_its_ejection_is_over(
        OperationalState before, bool mayReturn, OperationalState after)
    {
        HealthThresholds thresholds = new(failuresToOffline: 2, successesToOnline: 1);

        Assert.That(thresholds.Count(before, passed: true, mayReturn), Is.EqualTo(after));
    }

    [Test]
    public void Checks_that_fail_take_an_ejected_node_offline()
    {
        HealthThresholds thresholds = new(failuresToOffline: 2, successesToOnline: 1);

        OperationalState first = thresholds.Count(OperationalState.Ejected, passed: false, mayReturn: false);

        Assert.That(first, Is.EqualTo(OperationalState.Ejected));
        Assert.That(thresholds.Count(first, passed: false, mayReturn: false), Is.EqualTo(OperationalState.Offline));
    }
}

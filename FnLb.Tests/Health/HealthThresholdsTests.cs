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
            state = thresholds.Count(state, passed: check == '+');
            seen += state == OperationalState.Online ? 'N' : 'F';
        }

        Assert.That(seen, Is.EqualTo(states));
    }

    [Test]
    public void Successes_before_a_call_failed_do_not_count()
    {
        HealthThresholds thresholds = new(failuresToOffline: 2, successesToOnline: 2);
        thresholds.Count(OperationalState.Offline, passed: true);

        thresholds.Reset();

        Assert.That(thresholds.Count(OperationalState.Offline, passed: true), Is.EqualTo(OperationalState.Offline));
        Assert.That(thresholds.Count(OperationalState.Offline, passed: true), Is.EqualTo(OperationalState.Online));
    }

    [Test]
    public void A_check_that_passes_does_not_readmit_an_ejected_node()
    {
        HealthThresholds thresholds = new(failuresToOffline: 2, successesToOnline: 1);

        Assert.That(thresholds.Count(OperationalState.Ejected, passed: true), Is.EqualTo(OperationalState.Ejected));
    }
}

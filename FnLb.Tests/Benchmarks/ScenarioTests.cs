using FnLb.Benchmarks.Simulation;
using NUnit.Framework;

namespace FnLb.Tests.Benchmarks;

public sealed class ScenarioTests
{
    [Test]
    public void A_shorter_run_has_all_that_happens_in_the_same_parts_of_it()
    {
        Scenario scenario = new("any")
        {
            Seconds = 150,
            WarmUpSeconds = 50,
            LoadChanges = [new LoadChange(25, 2), new LoadChange(100, 1)],
            Disturbances = [new Disturbance(75, DisturbanceKind.Kill, 0)],
            FlashCrowds = [new FlashCrowd(100, 150, 3, 0.25)],
        };

        Scenario shorter = scenario.Shortened(seconds: 30, warmUpSeconds: 10);

        Assert.That(shorter.LoadChanges, Is.EqualTo((LoadChange[])[new(5, 2), new(20, 1)]));
        Assert.That(shorter.Disturbances, Is.EqualTo((Disturbance[])[new(15, DisturbanceKind.Kill, 0)]));
        Assert.That(shorter.FlashCrowds, Is.EqualTo((FlashCrowd[])[new(20, 30, 3, 0.25)]));
    }
}

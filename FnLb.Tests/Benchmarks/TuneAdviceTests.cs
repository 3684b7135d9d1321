using FnLb.Benchmarks.Throughput;
using FnLb.Benchmarks.Tune;
using NUnit.Framework;

namespace FnLb.Tests.Benchmarks;

/// <summary>Which settings are advised.</summary>
public sealed class TuneAdviceTests
{
    private static readonly WorkRow Row = new("row", "a row");
    private static readonly TuneKind Kind = new("kind", ["", "--a=1", "--a=2"], Row);

    [Test]
    public void A_setting_that_is_better_by_noise_only_is_not_advised()
    {
        RowResult result = Result(("default", 10.0), ("--a=1", 9.7), ("--a=2", 9.6));

        Assert.That(TuneAdvice.Choose(Kind, result, ["default", "--a=1", "--a=2"]), Is.EqualTo("default"));
    }

    [Test]
    public void A_setting_that_is_better_in_most_rounds_only_is_not_advised()
    {
        RowResult result = new(Row);
        foreach (double cpu in (double[])[8, 8, 8, 8, 11])
        {
            result.Add("default", new Measurement { UserMicroseconds = 10 });
            result.Add("--a=1", new Measurement { UserMicroseconds = cpu });
        }

        Assert.That(TuneAdvice.Choose(Kind, result, ["default", "--a=1"]), Is.EqualTo("default"));
    }

    [Test]
    public void The_best_of_those_that_are_clearly_better_is_advised()
    {
        RowResult result = Result(("default", 10.0), ("--a=1", 9.0), ("--a=2", 8.0));

        Assert.That(TuneAdvice.Choose(Kind, result, ["default", "--a=1", "--a=2"]), Is.EqualTo("--a=2"));
    }

    [Test]
    public void Loops_are_judged_by_how_much_more_is_served_and_a_round_that_went_wrong_does_not_decide()
    {
        TuneKind loops = Kind with { IsThroughput = true };
        RowResult result = new(Row);
        foreach (double one in (double[])[50_000, 10_000, 51_000])
        {
            result.Add("--threads=1", new Measurement { UserMicroseconds = 10, RequestsPerSecond = one });
            result.Add("--threads=2", new Measurement { UserMicroseconds = 11, RequestsPerSecond = 90_000 });
        }

        Assert.That(TuneAdvice.Choose(loops, result, ["--threads=1", "--threads=2"]), Is.EqualTo("--threads=2"));
        Assert.That(TuneAdvice.Choose(Kind, result, ["--threads=1", "--threads=2"]), Is.EqualTo("--threads=1"));
    }

    [Test]
    public void A_setting_with_calls_that_failed_is_not_advised()
    {
        RowResult result = Result(("default", 10.0), ("--a=1", 8.0));
        result.Add("--a=1", new Measurement { UserMicroseconds = 8, Errors = 1 });
        result.Add("default", new Measurement { UserMicroseconds = 10 });

        Assert.That(TuneAdvice.Choose(Kind, result, ["default", "--a=1"]), Is.EqualTo("default"));
    }

    [TestCase(0.85, ExpectedResult = "--a=1")]
    [TestCase(0.95, ExpectedResult = null)]
    public string? Loops_are_not_judged_where_nodes_and_load_were_the_limit(double busy)
    {
        RowResult result = new(Row);
        result.Add("default", new Measurement { RequestsPerSecond = 10, LoadBusyShare = 0.5 });
        result.Add("--a=1", new Measurement { RequestsPerSecond = 15, LoadBusyShare = busy });

        return TuneAdvice.Choose(Kind with { IsThroughput = true }, result, ["default", "--a=1"]);
    }

    private static RowResult Result(params (string Name, double Cpu)[] settings)
    {
        RowResult result = new(Row);
        foreach ((string name, double cpu) in settings)
        {
            for (int round = 0; round < 3; round++)
            {
                result.Add(name, new Measurement { UserMicroseconds = cpu * (1 + (round / 10.0)) });
            }
        }

        return result;
    }
}

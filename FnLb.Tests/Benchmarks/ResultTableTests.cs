using FnLb.Benchmarks.Reports;
using FnLb.Benchmarks.Throughput;
using NUnit.Framework;

namespace FnLb.Tests.Benchmarks;

/// <summary>A comparison as tables.</summary>
public sealed class ResultTableTests
{
    [Test]
    public void An_open_loop_is_compared_by_both_its_percentiles_round_by_round()
    {
        RowResult result = new(new WorkRow("paced", "paced") { Kind = WorkKind.Paced });
        foreach (double slow in (double[])[1, 3, 1])
        {
            result.Add("fnlb", new Measurement { P50Milliseconds = 0.9 * slow, P99Milliseconds = 3 * slow });
            result.Add("haproxy", new Measurement { P50Milliseconds = 1 * slow, P99Milliseconds = 2 * slow });
        }

        ReportTable table = new ResultTable([result], "fnlb").Tables.Single();

        Assert.That(table.Columns.TakeLast(2), Is.EqualTo((string[])["p50: fnlb / other", "p99: fnlb / other"]));
        Assert.That(table.Rows[0].TakeLast(2), Is.EqualTo((string[])["", ""]));
        Assert.That(table.Rows[1].TakeLast(2), Is.EqualTo((string[])["0.90", "1.50"]));
    }

    [Test]
    public void Errors_stand_beside_the_work_that_had_them_and_what_was_not_measured_is_empty()
    {
        RowResult result = new(new WorkRow("get", "GET"));
        result.Add("fnlb", new Measurement { UserMicroseconds = 4, SystemMicroseconds = 8, Errors = 3 });

        ReportTable table = new ResultTable([result], "fnlb").Tables.Single();

        Assert.That(table.Rows.Single(), Is.EqualTo((string[])
            ["GET (3 errors)", "fnlb", "12.00", "4.00", "8.00", "", "", "", ""]));
        Assert.That(table.ToMarkdown(), Does.StartWith("| work | proxy |"));
    }
}

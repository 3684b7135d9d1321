using System.Text;
using FnLb.Core.Telemetry;
using FnLb.Host.Telemetry;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Host.Telemetry;

public sealed class MetricsTextTests
{
    private static readonly MetricInfo Gauge = new("m", MetricKind.Gauge, "x, y", "line\nfeed and \\ backslash");

    [Test]
    public void Any_text_comes_through_as_a_label()
    {
        const string text = "a \"b\" \\c\\n\nd{},=é";
        MetricsText metrics = new();
        metrics.Begin(Gauge);

        metrics.Add($"{MetricsText.Label("x", text)},{MetricsText.Label("y", "")}", 1e21);

        PrometheusText read = new(Encoding.UTF8.GetString(metrics.ToBytes()));
        Assert.That(read[$"m{{x={text},y=}}"], Is.EqualTo(1e21));
    }

    [Test]
    public void A_histogram_counts_each_duration_up_to_every_limit_it_does_not_exceed()
    {
        LatencyHistogram durations = new();
        foreach (long nanoseconds in (long[])[0, 63_999, 64_000, 64_001, 128_000, 3_000_000_000])
        {
            durations.Record(nanoseconds);
        }

        MetricsText metrics = new();
        metrics.Begin(Gauge with { Name = "h", Kind = MetricKind.Histogram });
        metrics.AddHistogram("x=\"1\"", TrafficView.SumOf([durations]), firstPower: 6, lastPower: 7, step: 1);

        PrometheusText read = new(Encoding.UTF8.GetString(metrics.ToBytes()));
        Assert.That(read["h_bucket{x=1,le=0.000064}"], Is.EqualTo(3));
        Assert.That(read["h_bucket{x=1,le=0.000128}"], Is.EqualTo(5));
        Assert.That(read["h_bucket{x=1,le=+Inf}"], Is.EqualTo(6));
        Assert.That((read["h_count{x=1}"], read["h_sum{x=1}"]), Is.EqualTo((6, 3.00032)));
    }
}

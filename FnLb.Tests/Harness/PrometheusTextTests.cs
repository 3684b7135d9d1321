using NUnit.Framework;

namespace FnLb.Tests.Harness;

/// <summary>The reader of the tests refuses what Prometheus would misread.</summary>
public sealed class PrometheusTextTests
{
    private const string Head = "# HELP h Help.\n# TYPE h histogram\n";
    private const string Tail = "h_bucket{le=\"+Inf\"} 3\nh_sum 1\nh_count 3\n";

    [Test]
    public void A_sound_page_is_read() => Assert.That(
        new PrometheusText($"{Head}h_bucket{{le=\"0.1\"}} 2\n{Tail}")["h_bucket{le=+Inf}"], Is.EqualTo(3));

    [TestCase("a 1\n", TestName = "A_sample_without_help_and_type_is_refused")]
    [TestCase("# HELP a Help.\na 1\n", TestName = "A_sample_without_a_type_is_refused")]
    [TestCase("# TYPE a gauge\na 1\n", TestName = "A_sample_without_help_is_refused")]
    [TestCase("# HELP a Help.\n# HELP b Help.\n# TYPE b gauge\nb 1\n", TestName = "Help_without_a_type_is_refused")]
    [TestCase(Head + "h_bucket{le=\"1\"} 4\n" + Tail, TestName = "A_bucket_with_less_than_the_one_before_is_refused")]
    [TestCase(Head + "h_bucket{le=\"2\"} 1\nh_bucket{le=\"1\"} 2\n" + Tail, TestName = "Unordered_buckets_are_refused")]
    [TestCase(Head + "h_bucket{le=\"+Inf\"} 3\nh_sum 1\nh_count 4\n", TestName = "A_count_that_differs_is_refused")]
    [TestCase(Head + "h_bucket{le=\"1\"} 3\nh_sum 1\nh_count 3\n", TestName = "A_missing_infinity_is_refused")]
    [TestCase(Head + "h_bucket{le=\"+Inf\"} 3\nh_sum 1\n", TestName = "A_histogram_without_a_count_is_refused")]
    public void What_breaks_the_format_is_refused(string page) =>
        Assert.That(() => new PrometheusText(page), Throws.TypeOf<FormatException>());
}

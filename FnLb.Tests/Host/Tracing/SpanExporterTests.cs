using System.Net;
using System.Net.Sockets;
using System.Text;
using FnLb.Core.Telemetry;
using FnLb.Host.Tracing;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Host.Tracing;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SpanExporterTests
{
    private readonly RecordedLog _log = new();

    [Test]
    public async Task A_collector_that_never_answers_costs_the_other_no_span()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        using SpanCollector well = SpanCollector.Start();
        ZipkinFormat stuck = new($"http://{silent.LocalEndpoint}");
        OtlpFormat served = new(well.Url);
        SpanChannel spans = new(sampleShare: 1, [stuck.Tally, served.Tally]);
        const int portion = 4000;
        const int portions = 6;
        await using (new SpanExporter(spans, [stuck, served], _log))
        {
            for (int number = 1; number <= portions; number++)
            {
                Add(spans, portion);
                int sent = number * portion;
                await Eventually.HoldsAsync(() => served.Tally.Sent == sent, $"it has {sent} spans");
            }

            Assert.That(stuck.Tally.Dropped, Is.Positive, "its queue is full");
            Assert.That((stuck.Tally.Sent, served.Tally.Dropped), Is.EqualTo((0, 0)));
        }

        Assert.That(well.Otlp, Has.Length.EqualTo(portions * portion));
        await Eventually.HoldsAsync(
            () => stuck.Tally.Dropped == portions * portion, "what still waited for the other is given up at the end");
    }

    [Test]
    public async Task That_a_collector_takes_no_spans_is_said_once_and_so_is_that_it_takes_them_again()
    {
        using SpanCollector well = SpanCollector.Start();
        int port = FreePort.Next();
        ZipkinFormat away = new($"http://127.0.0.1:{port}");
        OtlpFormat served = new(well.Url);
        SpanChannel spans = new(sampleShare: 1, [served.Tally, away.Tally]);
        await using SpanExporter exporter = new(spans, [served, away], _log);

        for (int failures = 1; failures <= 2; failures++)
        {
            Add(spans, 1);
            await Eventually.HoldsAsync(() => away.Tally.Dropped == failures, "it is lost");
        }

        string failed = _log.Lines.Single();
        Assert.That(failed, Does.StartWith($"Warning 6001 Collector http://127.0.0.1:{port}/api/v2/spans takes no"));
        Assert.That(served.Tally.Sent, Is.EqualTo(2));

        using SpanCollector back = SpanCollector.Start(port);
        for (int sent = 1; sent <= 2; sent++)
        {
            Add(spans, 1);
            await Eventually.HoldsAsync(() => away.Tally.Sent == sent, "it arrives");
        }

        await Eventually.HoldsAsync(() => served.Tally.Sent == 4, "the other has them all");
        Assert.That(_log.Lines.Skip(1), Is.EqualTo((string[])
            [$"Information 6004 Collector http://127.0.0.1:{port}/api/v2/spans takes spans again"]));
    }

    [TestCase("""{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}}""", 2)]
    [TestCase("""{"partialSuccess":{"rejectedSpans":2}}""", 2)]
    [TestCase("""{"partialSuccess":{"rejectedSpans":"99"}}""", 5)]
    [TestCase("""{"partialSuccess":{"rejectedSpans":-1}}""", 0)]
    [TestCase("""{"partialSuccess":{"errorMessage":"a hint"}}""", 0)]
    [TestCase("""{"partialSuccess":null}""", 0)]
    [TestCase("[]", 0)]
    [TestCase("thanks", 0)]
    [TestCase("", 0)]
    public async Task What_an_OpenTelemetry_collector_refuses_of_what_it_takes_is_lost(string answer, int refused)
    {
        using SpanCollector collector = SpanCollector.Start(answer: answer);
        OtlpFormat format = new(collector.Url);
        SpanChannel spans = new(sampleShare: 1, [format.Tally]);
        Add(spans, 5);
        await using (new SpanExporter(spans, [format], _log))
        {
        }

        Assert.That((format.Tally.Dropped, format.Tally.Sent), Is.EqualTo((refused, 5 - refused)));
    }

    [TestCase("me:p%40ss", "me:p@ss")]
    [TestCase("me", "me:")]
    public async Task Credentials_in_a_URL_are_sent_in_the_field_for_them_and_never_logged(string given, string sent)
    {
        using SpanCollector collector = SpanCollector.Start();
        int port = FreePort.Next();
        ZipkinFormat away = new($"http://{given}@127.0.0.1:{port}/?key=secret");
        OtlpFormat served = new(collector.Url.Replace("//", $"//{given}@"));
        SpanChannel spans = new(sampleShare: 1, [away.Tally, served.Tally]);
        Add(spans, 1);
        await using (new SpanExporter(spans, [away, served], _log))
        {
        }

        string expected = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(sent))}";
        Assert.That(collector.Authorizations, Is.EqualTo((string[])[expected]));
        Assert.That(away.Collector.Url.Query, Is.EqualTo("?key=secret"));
        Assert.That(
            _log.Lines.Single(), Does.StartWith($"Warning 6001 Collector http://127.0.0.1:{port}/api/v2/spans takes")
                .And.Not.Contain("secret"));
    }

    private static void Add(SpanChannel spans, int count)
    {
        for (int span = 0; span < count; span++)
        {
            spans.Add(new TraceSpan
            {
                TraceHigh = 1,
                TraceLow = 2,
                Id = (ulong)span + 1,
                ParentId = 0,
                Name = SpanName.Serve,
                StartNanoseconds = 1_700_000_000_000_000_000,
                DurationNanoseconds = 1_000_000,
                Method = "GET",
                Path = "/",
                Status = 200,
                Node = "",
                Placement = "",
                Error = "",
                IsDebug = false,
            });
        }
    }
}

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FnLb.Core.Proxy;
using FnLb.Core.Telemetry;
using NUnit.Framework;

namespace FnLb.Tests.Proxy;

[TestFixture]
internal sealed partial class CallTracerTests
{
    private const int Calls = 20_000;

    /// <summary>A sampler at a node may take any bits of them for random ones: each bit is set in half of the
    /// ids.</summary>
    [Test]
    public void The_ids_of_calls_that_are_not_traced_differ_and_have_no_pattern()
    {
        SpanChannel spans = new(sampleShare: 0, collectors: []);
        CallTracer[] tracers = [new(spans), new(spans)];
        HashSet<(ulong, ulong)> traces = [];
        int[] set = new int[192];
        for (int call = 0; call < Calls; call++)
        {
            Match fields = Fields().Match(Encoding.ASCII.GetString(tracers[call % 2].Decline()));
            ulong[] ids = [.. Enumerable.Range(1, 3).Select(group => Read(fields.Groups[group].Value))];
            Assert.That((ids[0] | ids[1]) != 0 && ids[2] != 0);
            Assert.That(traces.Add((ids[0], ids[1])));
            for (int bit = 0; bit < set.Length; bit++)
            {
                set[bit] += (int)(ids[bit / 64] >> (bit % 64)) & 1;
            }
        }

        Assert.That(set, Has.All.InRange(Calls * 0.45, Calls * 0.55));
    }

    private static ulong Read(string digits) =>
        ulong.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"\Atraceparent: 00-([0-9a-f]{16})([0-9a-f]{16})-([0-9a-f]{16})-00\r\nX-B3-Sampled: 0\r\n\z")]
    private static partial Regex Fields();
}

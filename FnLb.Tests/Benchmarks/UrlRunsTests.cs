using FnLb.Benchmarks.FunctionCluster;
using FnLb.Benchmarks.Simulation;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Benchmarks;

/// <summary>The calls of a scenario, sent to whatever answers at a URL.</summary>
public sealed class UrlRunsTests
{
    private static readonly Scenario Short = Scenarios.Small.Shortened(seconds: 2, warmUpSeconds: 1);

    [Test]
    public async Task Every_balancer_gets_its_part_of_the_calls_GET_and_POST([Values(0, 1)] int status)
    {
        using ScriptedNode first = ScriptedNode.Start(
            status == 0 ? null : call => call.SendAsync("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"));
        using ScriptedNode second = ScriptedNode.Start();
        Uri[] urls = [new($"http://{first.Address}"), new($"http://{second.Address}")];

        int exitCode = await UrlRuns.PrintAsync([Short with { PostShare = 0.5 }], urls, seeds: 1);

        Assert.That(exitCode, Is.EqualTo(status));
        foreach (ScriptedNode balancer in (ScriptedNode[])[first, second])
        {
            Assert.That(balancer.Calls.Select(call => call.Method), Has.Some.EqualTo("GET").And.Some.EqualTo("POST"));
            Assert.That(balancer.Calls.Select(call => call.Target), Is.All.StartsWith("/r/app1/f"));
        }
    }

    [TestCase("http://a:1", 1)]
    [TestCase("http://a:1,http://b:2", 2)]
    [TestCase("https://a:1", -1)]
    [TestCase("a:1", -1)]
    public void A_URL_is_one_of_http(string value, int urls) =>
        Assert.That(new RoutingOptions().With("url", value)?.Urls.Count ?? -1, Is.EqualTo(urls));
}

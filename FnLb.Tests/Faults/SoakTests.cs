using System.Diagnostics;
using System.Globalization;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Faults;

/// <summary>One fault after the other under a steady load: the process stays as large as it was.</summary>
/// <remarks>FNLB_SOAK_MINUTES sets how long; a figure of each round goes to the output, and a line for each call that
/// failed.</remarks>
public sealed class SoakTests : FaultTest
{
    private const int CallsPerSecond = 300;
    private const double Megabyte = 1024 * 1024;
    private const int GrownDescriptorsMax = 8;
    private const int GrownThreadsMax = 4;

    private static readonly double Minutes = double.TryParse(
        Environment.GetEnvironmentVariable("FNLB_SOAK_MINUTES"), CultureInfo.InvariantCulture, out double m) ? m : 0.1;

    // A short run ends while pools still fill.
    private static readonly double GrownMegabytesMax = Minutes < 5 ? 24 : 4;

    private static readonly TimeSpan FaultTime = TimeSpan.FromSeconds(Minutes < 1 ? 0.5 : 5);

    private readonly List<Footprint> _footprints = [];

    [Test]
    public async Task Under_a_steady_load_with_one_fault_after_the_other_it_does_not_grow()
    {
        NodeProcess process = Own(await NodeProcess.StartAsync(network: null));
        EchoNode[] nodes = [Own(EchoNode.Start()), Own(EchoNode.Start())];
        EchoNode guest = Own(EchoNode.Start());
        FnlbProcess fnlb = await StartBeforeAsync(
            [process.Address, nodes[0].Address, nodes[1].Address],
            "-node-idle-timeout=2s", "-hc-interval=200ms", "-hc-timeout=500ms", "-slow-start=0",
            "-outlier-time=1s", "-outlier-time-max=1s");
        Func<Task>[] faults =
        [
            () => KillAsync(process, fnlb), () => StopAsync(process, fnlb), () => ComeAndGoAsync(guest, fnlb),
            () => MisbehaveAsync(nodes, new NodeMischief { IdleMillisecondsMax = 50 }),
            () => MisbehaveAsync(nodes, new NodeMischief { BusyShare = 0.5 }), () => CrowdAsync(fnlb),
        ];

        await using SteadyLoad load = SteadyLoad.Start(fnlb.Port, 12, CallsPerSecond);
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started).TotalMinutes < Minutes || _footprints.Count < 2)
        {
            foreach (Func<Task> faultAsync in faults)
            {
                await faultAsync();
                await LastAsync(FaultTime / 2);
            }

            await NoteAsync(Stopwatch.GetElapsedTime(started), fnlb, load);
        }

        await load.StopAsync();
        await TestContext.Progress.WriteLineAsync(string.Join('\n', load.Failures));
        Record(string.Create(CultureInfo.InvariantCulture, $"soak of {Minutes:0.#} min, six faults in turn"), load);
        AssertKept(Promise.NoRepeatableCallFails, load);
        AssertNoGrowth();
    }

    private static async Task KillAsync(NodeProcess node, FnlbProcess fnlb)
    {
        node.Kill();
        await LastAsync(FaultTime);
        await node.ReplaceAsync();
        await fnlb.Admin.WaitForStateAsync(node.Address, "online");
    }

    private static async Task StopAsync(NodeProcess node, FnlbProcess fnlb)
    {
        node.Signal(Signals.Stop);
        await fnlb.Admin.WaitForStateAsync(node.Address, "offline");
        await LastAsync(FaultTime);
        node.Signal(Signals.Continue);
        await fnlb.Admin.WaitForStateAsync(node.Address, "online");
    }

    private static async Task ComeAndGoAsync(EchoNode guest, FnlbProcess fnlb)
    {
        await fnlb.Admin.AddAsync(guest.Address);
        await LastAsync(FaultTime);
        await fnlb.Admin.RemoveAsync(guest.Address);
    }

    private static async Task MisbehaveAsync(EchoNode[] nodes, NodeMischief mischief)
    {
        Array.ForEach(nodes, node => node.Mischief = mischief);
        await LastAsync(FaultTime);
        Array.ForEach(nodes, node => node.Mischief = new NodeMischief());
    }

    private static async Task CrowdAsync(FnlbProcess fnlb)
    {
        RawClient[] crowd = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => RawClient.ConnectAsync(fnlb.Port)));
        await LastAsync(FaultTime);
        Array.ForEach(crowd, client => client.Dispose());
    }

    private async Task NoteAsync(TimeSpan elapsed, FnlbProcess fnlb, SteadyLoad load)
    {
        Footprint footprint = new(fnlb.ResidentBytes / Megabyte, fnlb.Descriptors, fnlb.Threads);
        _footprints.Add(footprint);
        await TestContext.Progress.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{elapsed.TotalMinutes,5:0.0} min: {footprint.Megabytes:0.0} MB resident, {footprint.Descriptors} "
                + $"descriptors, {footprint.Threads} threads; {load}"));
    }

    // The first quarter fills pools; the second and the last are compared.
    private void AssertNoGrowth()
    {
        int quarter = Math.Max(1, _footprints.Count / 4);
        Footprint[] early = [.. _footprints.Skip(quarter).Take(quarter)];
        Footprint[] late = [.. _footprints.TakeLast(quarter)];
        Assert.That(
            late.Average(now => now.Megabytes) - early.Average(then => then.Megabytes), Is.LessThan(GrownMegabytesMax));
        Assert.That(
            late.Max(now => now.Descriptors) - early.Max(then => then.Descriptors), Is.LessThan(GrownDescriptorsMax));
        Assert.That(late.Max(now => now.Threads) - early.Max(then => then.Threads), Is.LessThan(GrownThreadsMax));
    }

    private sealed record Footprint(double Megabytes, int Descriptors, int Threads);
}

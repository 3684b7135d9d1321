using System.Diagnostics;
using System.Globalization;
using FnLb.Tests.Harness;
using NUnit.Framework;
using static System.FormattableString;

namespace FnLb.Tests.Faults;

/// <summary>
/// Base of tests that break something under load: every call is counted, and afterwards the process is what it was.
/// </summary>
/// <remarks>FNLB_FAULT_SECONDS sets how long each fault lasts; the row of the table in docs/reliability.md is added to
/// the file named by FNLB_FAULT_TABLE.</remarks>
[Category("Fault")]
public abstract class FaultTest : EndToEndTest
{
    private const int Clients = 12;
    private const int WarmUpCalls = 400;

    // The runtime collects garbage when it pays, not when a test ends; whether it adds up is what the soak shows.
    private const long GrownBytesMax = 40 * 1024 * 1024;

    // Of the node API: its clients keep connections.
    private const int GrownDescriptorsMax = 8;

    private const string SecondsVariable = "FNLB_FAULT_SECONDS";
    private const string TableVariable = "FNLB_FAULT_TABLE";

    /// <summary>How long a fault lasts.</summary>
    private protected static TimeSpan Duration { get; } = TimeSpan.FromSeconds(
        double.TryParse(Environment.GetEnvironmentVariable(SecondsVariable), CultureInfo.InvariantCulture, out double s)
            ? s
            : 1.5);

    /// <summary>Runs calls through the balancer while something is done to it or its nodes.</summary>
    /// <param name="fault">As the table names it.</param>
    /// <param name="harmAsync">Does it, for <see cref="Duration"/>, and puts it right again.</param>
    /// <param name="callsPerSecondMax">0 for as many as the clients can.</param>
    /// <param name="after">Which process serves afterwards; null for the same.</param>
    private protected async Task<SteadyLoad> MeasureAsync(
        string fault, FnlbProcess fnlb, Promise promise, Func<Task> harmAsync, int callsPerSecondMax = 0,
        Func<ProcessFigures>? after = null)
    {
        int descriptors = fnlb.Descriptors;
        await using (SteadyLoad warmUp = SteadyLoad.Start(fnlb.Port, Clients))
        {
            await warmUp.WaitForMoreAsync(WarmUpCalls);
        }

        long resident = fnlb.ResidentBytes;
        SteadyLoad load = await CountAsync(fault, fnlb.Port, promise, harmAsync, callsPerSecondMax);
        ProcessFigures figures = after?.Invoke() ?? fnlb.Figures;
        await Eventually.HoldsAsync(
            () => figures.Descriptors <= descriptors + GrownDescriptorsMax,
            $"descriptors are back at {descriptors}, from {figures.Descriptors}");
        long grown = figures.ResidentBytes - resident;
        await TestContext.Out.WriteLineAsync(Invariant($"grown by {grown / 1e6:0.0} MB, from {resident / 1e6:0.0} MB"));
        Assert.That(grown, Is.LessThan(GrownBytesMax), "resident memory grown by");
        return load;
    }

    private static async Task<SteadyLoad> CountAsync(
        string fault, int port, Promise promise, Func<Task> harmAsync, int callsPerSecondMax)
    {
        await using SteadyLoad load = SteadyLoad.Start(port, Clients, callsPerSecondMax);
        await load.WaitForMoreAsync(Clients);
        await harmAsync();
        await load.WaitForMoreAsync(Clients);
        await load.StopAsync();
        Record(fault, load);
        AssertKept(promise, load);
        return load;
    }

    /// <summary>Starts it in front of nodes that are online when this returns, with connections that go away soon once
    /// nobody calls.</summary>
    private protected Task<FnlbProcess> StartFnlbAsync(EchoNode[] nodes, params string[] flags) =>
        StartBeforeAsync(nodes.Select(node => node.Address), ["-node-idle-timeout=2s", "-hc-interval=500ms", .. flags]);

    /// <summary>Lets the calls go on for as long as a fault lasts.</summary>
    private protected static Task LastAsync() => LastAsync(Duration);

    private protected static Task LastAsync(TimeSpan duration)
    {
        long started = Stopwatch.GetTimestamp();
        return Eventually.HoldsAsync(
            () => Stopwatch.GetElapsedTime(started) >= duration, "it has lasted", duration + TimeSpan.FromSeconds(5));
    }

    private protected static void AssertKept(Promise promise, SteadyLoad load)
    {
        string failures = $"{load}\n{string.Join('\n', load.Failures)}";
        Assert.That(load.Mispaired, Is.Zero, failures);
        if (promise != Promise.NoAnswerLooksComplete)
        {
            Assert.That(load.FailedGets, Is.Zero, failures);
        }

        if (promise == Promise.NoCallFails)
        {
            Assert.That(load.FailedPosts, Is.Zero, failures);
        }
    }

    private protected static void Record(string fault, SteadyLoad load)
    {
        string test = TestContext.CurrentContext.Test.ClassName!.Split('.')[^1];
        string row = string.Create(
            CultureInfo.InvariantCulture,
            $"| {fault} | {load.Calls:N0} | {load.FailedGets} | {load.FailedPosts} "
                + $"| {load.Worst.TotalMilliseconds:0} ms | `{test}` |");
        TestContext.Out.WriteLine(row);
        if (Environment.GetEnvironmentVariable(TableVariable) is { Length: > 0 } table)
        {
            File.AppendAllText(table, row + "\n");
        }
    }
}

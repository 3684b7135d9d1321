using FnLb.Host.Operator;
using FnLb.Host.Telemetry;
using NUnit.Framework;
using Spectre.Console;

namespace FnLb.Tests.Host.Operator;

public sealed class TopViewTests
{
    [Test]
    public void A_view_shows_calls_advice_nodes_and_functions()
    {
        string text = string.Join('\n', Lines(Snapshot(nodes: 2, functions: 2), TopOrder.Calls, 120, 40));

        Assert.That(text, Does.StartWith("fnlb 1.0  12:34:56Z  7 clients, 2 of 2 nodes take calls\n1840 calls/s "));
        Assert.That(text, Does.Contain("p50 12.0ms  p99 210ms  added p99 210us  wait p99 15.0s  cold 0.6%  spilled"));
        Assert.That(text, Does.Contain("\n3 nodes recommended: it is busy\n"));
        Assert.That(text, Does.Match(@"\n10\.0\.0\.1:8080 +online +1 +0 +4 +>8 +12\.0ms +1000ms +5\n"));
        Assert.That(text, Does.Match(@"\nFUNCTION \(2\) +CALLS/S .+\n/f2 +2 +34\.0ms +- +0\.1%"));
    }

    [TestCase(nameof(TopOrder.Calls), "10.0.0.3", "/f3")]
    [TestCase(nameof(TopOrder.Time), "10.0.0.3", "/f1")]
    [TestCase(nameof(TopOrder.Name), "10.0.0.1", "/f1")]
    public void The_tables_are_sorted(string order, string node, string function)
    {
        IReadOnlyList<string> lines = Lines(Snapshot(nodes: 3, functions: 3), Enum.Parse<TopOrder>(order), 100, 40);

        Assert.That(lines[6], Does.StartWith(node));
        Assert.That(lines[^3], Does.StartWith(function));
    }

    [Test]
    public void A_view_keeps_to_its_size([Values(20, 80, 200)] int columns, [Values(11, 24, 60)] int lines)
    {
        IReadOnlyList<string> view = Lines(Snapshot(nodes: 90, functions: 90), TopOrder.Calls, columns, lines);

        Assert.That(view, Has.Count.EqualTo(lines));
        Assert.That(view.Select(line => line.Length), Has.All.AtMost(columns));
    }

    [Test]
    public void A_name_that_is_too_long_is_cut_and_leaves_the_numbers_in_their_place()
    {
        LiveSnapshot snapshot = Snapshot(nodes: 1, functions: 2);
        FunctionView named = snapshot.Functions[0] with { Function = "/" + new string('f', 200) };

        IReadOnlyList<string> view = Lines(
            snapshot with { Functions = [named, snapshot.Functions[1]] }, TopOrder.Calls, 80, 24);

        Assert.That(view[^1], Does.Match("^/f+… +1 "));
        Assert.That(view[^1], Has.Length.EqualTo(view[^2].Length));
    }

    [Test]
    public void On_a_narrow_screen_the_last_columns_are_left_out()
    {
        IReadOnlyList<string> view = Lines(Snapshot(nodes: 1, functions: 1), TopOrder.Calls, 40, 24);

        Assert.That(view[5], Does.Match("^NODE +STATE +CALLS/S +ERRORS/S$"));
        Assert.That(view[^1], Does.Match(@"^/f1 +1 +68\.0ms +-$"));
    }

    [Test]
    public void What_a_client_sent_cannot_steer_the_terminal()
    {
        LiveSnapshot snapshot = Snapshot(nodes: 1, functions: 1);
        FunctionView evil = snapshot.Functions[0] with { Function = "/\e[2J[red]f" };

        IReadOnlyList<string> view = Lines(snapshot with { Functions = [evil] }, TopOrder.Calls, 80, 24);

        Assert.That(view[^1], Does.StartWith("/?[2J[red]f"));
    }

    private static IReadOnlyList<string> Lines(LiveSnapshot snapshot, TopOrder order, int columns, int lines)
    {
        using StringWriter text = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = columns;
        console.Write(TopView.Of(snapshot, order, columns, lines));
        return [.. text.ToString().TrimEnd('\n').Split('\n').Select(line => line.TrimEnd(' '))];
    }

    private static LiveSnapshot Snapshot(int nodes, int functions) => new()
    {
        Second = 45296,
        Version = "1.0",
        Row = null,
        Clients = 7,
        Panic = false,
        Calls = new CallsView
        {
            PerSecond = 1840,
            ErrorsPerSecond = 3,
            FailedPerSecond = 0,
            InFlight = 38,
            P50 = 0.012,
            P99 = 0.21,
            AddedP50 = 0,
            AddedP99 = 0.00021,
            WaitP50 = 0,
            WaitP99 = 15,
            ColdShare = 0.006,
            SpilledShare = 0.017,
        },
        Scale = new ScaleAdvice
        {
            Nodes = nodes,
            Recommended = nodes + 1,
            Target = 0.7,
            Utilisation = 0.8,
            TrendPerMinute = 0,
            DemandCalls = 1,
            CapacityCalls = 1,
            IsCapacityKnown = false,
            HeadroomCallsPerSecond = 1,
            CrowdedShare = 0,
            ColdShare = 0,
            Reason = "it is busy",
        },
        Nodes = [.. Enumerable.Range(1, nodes).Select(Node)],
        FunctionCount = functions,
        Functions = [.. Enumerable.Range(1, functions).Select(Function)],
    };

    private static NodeView Node(int number) => new()
    {
        Node = $"10.0.0.{number}:8080",
        State = "online",
        Administrative = "active",
        Why = "",
        Weight = 1,
        InFlight = 4,
        Limit = 8,
        IsLimitKnown = false,
        FailuresPerSecond = 0,
        QueuedShare = 0,
        WarmContainers = 5,
        WarmFunctions = 5,
        CallsPerSecond = number,
        ErrorsPerSecond = 0,
        Failures = 0,
        P50 = 0.012,
        P99 = number,
        WaitMean = null,
    };

    private static FunctionView Function(int number) => new()
    {
        Function = $"/f{number}",
        CallsPerSecond = number,
        ErrorsPerSecond = 0,
        DurationMean = 0.068 / number,
        WaitMean = null,
        ColdShare = 0.001,
        SpilledShare = 0,
        Nodes = new Dictionary<string, double>(),
        NodeCount = 0,
    };
}

using System.Globalization;
using FnLb.Host.Telemetry;

namespace FnLb.Host.Operator;

/// <summary>One screen of <c>fnlb top</c>: the balancer at a glance, its nodes, the functions called most.</summary>
internal static class TopFrame
{
    /// <summary>Lines beside the rows of the two tables.</summary>
    private const int FixedLines = 9;

    private const int NodeColumns = 74;
    private const int FunctionColumns = 44;

    /// <param name="columns">No line is longer.</param>
    /// <param name="lines">There are no more lines than these; nodes get half of what is free if they need it.</param>
    /// <returns>Lines without a control character.</returns>
    public static IReadOnlyList<string> Lines(LiveSnapshot snapshot, TopOrder order, int columns, int lines)
    {
        int free = int.Max(2, lines - FixedLines);
        int nodes = int.Min(snapshot.Nodes.Count, int.Max(1, free - int.Min(snapshot.Functions.Count, free / 2)));
        int functions = int.Min(snapshot.Functions.Count, free - nodes);
        List<string> frame =
        [
            .. Head(snapshot),
            "",
            Name("NODE", columns, NodeColumns)
                + " STATE     CALLS/S ERRORS/S IN FLIGHT   LIMIT      P50      P99     WARM",
            .. Sorted(snapshot.Nodes, order).Take(nodes).Select(node => Line(node, columns)),
            "",
            Name($"FUNCTION ({snapshot.FunctionCount})", columns, FunctionColumns)
                + "  CALLS/S     MEAN     WAIT    COLD SPILLED",
            .. Sorted(snapshot.Functions, order).Take(functions).Select(function => Line(function, columns)),
        ];
        return [.. frame.Take(lines).Select(line => Cut(Printable(line), columns))];
    }

    private static IEnumerable<string> Head(LiveSnapshot snapshot)
    {
        CallsView calls = snapshot.Calls;
        ScaleAdvice scale = snapshot.Scale;
        DateTimeOffset time = DateTimeOffset.FromUnixTimeSeconds(snapshot.Second);
        string panic = snapshot.Panic ? ", PANIC: so many are out that failing ones are used" : "";
        return
        [
            Text($"fnlb {snapshot.Version}  {time:HH:mm:ss}Z  {snapshot.Clients} clients, {scale.Nodes} of ")
                + Text($"{snapshot.Nodes.Count} nodes take calls{panic}"),
            Text($"{calls.PerSecond} calls/s  {calls.ErrorsPerSecond} errors/s  {calls.FailedPerSecond} failed/s  ")
                + Text($"{calls.InFlight} in flight"),
            Text($"p50 {Time(calls.P50)}  p99 {Time(calls.P99)}  added p99 {Time(calls.AddedP99)}  ")
                + $"wait p99 {Time(calls.WaitP99)}  cold {Share(calls.ColdShare)}  "
                + $"spilled {Share(calls.SpilledShare)}",
            Text($"{scale.Recommended} nodes recommended: {scale.Reason}"),
        ];
    }

    private static IEnumerable<NodeView> Sorted(IReadOnlyList<NodeView> nodes, TopOrder order) => order switch
    {
        TopOrder.Calls => nodes.OrderByDescending(node => node.CallsPerSecond),
        TopOrder.Time => nodes.OrderByDescending(node => node.P99),
        TopOrder.Errors => nodes.OrderByDescending(node => node.ErrorsPerSecond),
        _ => nodes.OrderBy(node => node.Node, StringComparer.Ordinal),
    };

    private static IEnumerable<FunctionView> Sorted(IReadOnlyList<FunctionView> functions, TopOrder order) =>
        order switch
        {
            TopOrder.Calls => functions.OrderByDescending(function => function.CallsPerSecond),
            TopOrder.Time => functions.OrderByDescending(function => function.DurationMean),
            TopOrder.Errors => functions.OrderByDescending(function => function.ErrorsPerSecond),
            _ => functions.OrderBy(function => function.Function, StringComparer.Ordinal),
        };

    private static string Line(NodeView node, int columns)
    {
        string state = node.Administrative == "active" ? node.State : node.Administrative;
        string limit = Text($"{(node.IsLimitKnown ? "" : ">")}{node.Limit:0.#}");
        return Name(node.Node, columns, NodeColumns)
            + Text($" {state,-9} {node.CallsPerSecond,7:0.#} {node.ErrorsPerSecond,8:0.#} {node.InFlight,9} ")
            + Text($"{limit,7} {Time(node.P50),8} {Time(node.P99),8} {node.WarmContainers,8}");
    }

    private static string Line(FunctionView function, int columns)
    {
        string wait = function.WaitMean is { } mean ? Time(mean) : "-";
        return Name(function.Function, columns, FunctionColumns)
            + Text($" {function.CallsPerSecond,8:0.#} {Time(function.DurationMean),8} {wait,8} ")
            + Text($"{Share(function.ColdShare),7} {Share(function.SpilledShare),7}");
    }

    // What is left beside the other columns, but never too little to tell one from another.
    private static string Name(string name, int columns, int others)
    {
        int width = int.Max(12, columns - others);
        return Cut(name, width).PadRight(width);
    }

    // A name is what a client sent.
    private static string Printable(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(sign => char.IsControl(sign) ? '?' : sign)) : text;

    private static string Cut(string text, int columns) =>
        text.Length <= columns ? text : columns > 1 ? text[..(columns - 1)] + "~" : text[..columns];

    private static string Time(double seconds) => seconds switch
    {
        < 0.00095 => Text($"{seconds * 1e6:0}us"),
        < 0.0995 => Text($"{seconds * 1e3:0.0}ms"),
        < 9.95 => Text($"{seconds * 1e3:0}ms"),
        _ => Text($"{seconds:0.0}s"),
    };

    private static string Share(double share) => Text($"{share * 100:0.0}%");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

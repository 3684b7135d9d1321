using System.Globalization;
using FnLb.Host.Telemetry;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FnLb.Host.Operator;

/// <summary>What <c>fnlb top</c> shows: the balancer at a glance, its nodes, the functions called most.</summary>
internal static class TopView
{
    /// <summary>Lines beside the rows of the two tables.</summary>
    private const int FixedLines = 8;

    private const int NameColumnsMin = 12;

    private static readonly Style Plain = Style.Plain;
    private static readonly Style Bold = new(decoration: Decoration.Bold);
    private static readonly Style Alarm = new(Color.Red);

    private static readonly TopColumn<NodeView>[] NodeColumns =
    [
        new("STATE", 9, StateOf)
        {
            Alignment = Justify.Left,
            IsAlarming = node => node.State is "offline" or "ejected",
        },
        new("CALLS/S", 7, node => Number(node.CallsPerSecond)),
        new("ERRORS/S", 8, node => Number(ErrorsOf(node))) { IsAlarming = node => ErrorsOf(node) > 0 },
        new("IN FLIGHT", 9, node => Text($"{node.InFlight}")),
        new("LIMIT", 7, node => (node.IsLimitKnown ? "" : ">") + Number(node.Limit)),
        new("P50", 8, node => Time(node.P50)),
        new("P99", 8, node => Time(node.P99)),
        new("WARM", 8, node => Text($"{node.WarmContainers}")),
    ];

    private static readonly TopColumn<FunctionView>[] FunctionColumns =
    [
        new("CALLS/S", 8, function => Number(function.CallsPerSecond)),
        new("MEAN", 8, function => Time(function.DurationMean)),
        new("WAIT", 8, function => function.WaitMean is { } mean ? Time(mean) : "-"),
        new("COLD", 7, function => Share(function.ColdShare)),
        new("SPILLED", 7, function => Share(function.SpilledShare)),
    ];

    /// <param name="columns">No line is longer.</param>
    /// <param name="lines">There are no more lines than these, from <see cref="FixedLines"/> and a row for each table
    /// on; nodes get half of what is free if they need it.</param>
    public static IRenderable Of(LiveSnapshot snapshot, TopOrder order, int columns, int lines)
    {
        int free = int.Max(2, lines - FixedLines);
        int nodes = int.Min(snapshot.Nodes.Count, int.Max(1, free - int.Min(snapshot.Functions.Count, free / 2)));
        int functions = int.Min(snapshot.Functions.Count, free - nodes);
        return new Rows(
        [
            .. Head(snapshot, columns),
            new Text(""),
            TableOf("NODE", Sorted(snapshot.Nodes, order).Take(nodes), node => node.Node, NodeColumns, columns),
            new Text(""),
            TableOf(
                $"FUNCTION ({snapshot.FunctionCount})", Sorted(snapshot.Functions, order).Take(functions),
                function => function.Function, FunctionColumns, columns),
        ]);
    }

    /// <summary>One line and never two, cut where its place ends.</summary>
    /// <param name="text">Control characters in it are shown as question marks: a name is what a client sent.</param>
    public static IRenderable Line(string text, int width, Style? style = null) =>
        new Text(Printable(text.Length <= width ? text : text[..(width - 1)] + "…"), style ?? Plain);

    private static IEnumerable<IRenderable> Head(LiveSnapshot snapshot, int columns)
    {
        CallsView calls = snapshot.Calls;
        ScaleAdvice scale = snapshot.Scale;
        DateTimeOffset time = DateTimeOffset.FromUnixTimeSeconds(snapshot.Second);
        string panic = snapshot.Panic ? ", PANIC: so many are out that failing ones are used" : "";
        return
        [
            Line(
                Text($"fnlb {snapshot.Version}  {time:HH:mm:ss}Z  {snapshot.Clients} clients, {scale.Nodes} of ")
                    + Text($"{snapshot.Nodes.Count} nodes take calls{panic}"),
                columns, snapshot.Panic ? Alarm : Bold),
            Line(
                Text($"{calls.PerSecond} calls/s  {calls.ErrorsPerSecond} errors/s  {calls.FailedPerSecond} failed/s  ")
                    + Text($"{calls.InFlight} in flight"),
                columns, calls.FailedPerSecond > 0 ? Alarm : Plain),
            Line(
                Text($"p50 {Time(calls.P50)}  p99 {Time(calls.P99)}  added p99 {Time(calls.AddedP99)}  ")
                    + $"wait p99 {Time(calls.WaitP99)}  cold {Share(calls.ColdShare)}  "
                    + $"spilled {Share(calls.SpilledShare)}",
                columns),
            Line(
                scale.Recommended is { } recommended
                    ? Text($"{recommended} nodes recommended: {scale.Reason}") : scale.Reason,
                columns),
        ];
    }

    // On a narrow screen the last columns are left out, so that names stay long enough to be told apart.
    private static Table TableOf<T>(
        string header, IEnumerable<T> rows, Func<T, string> name, TopColumn<T>[] columns, int width)
    {
        int left = width - NameColumnsMin;
        TopColumn<T>[] shown = [.. columns.TakeWhile(column => (left -= column.Width + 1) >= 0)];
        int nameWidth = width - shown.Sum(column => column.Width + 1);
        Table table = new Table().NoBorder();
        table.AddColumn(Column(header, nameWidth, Justify.Left, isLast: shown.Length == 0));
        foreach (TopColumn<T> column in shown)
        {
            table.AddColumn(Column(column.Header, column.Width, column.Alignment, isLast: column == shown[^1]));
        }

        foreach (T row in rows)
        {
            table.AddRow(
            [
                Line(name(row), nameWidth),
                .. shown.Select(column =>
                    Line(column.Value(row), column.Width, column.IsAlarming(row) ? Alarm : Plain)),
            ]);
        }

        return table;
    }

    private static TableColumn Column(string header, int width, Justify alignment, bool isLast) =>
        new(Line(header, width, Bold))
        {
            Width = width,
            Alignment = alignment,
            Padding = new Padding(0, 0, isLast ? 0 : 1, 0),
        };

    private static IEnumerable<NodeView> Sorted(IReadOnlyList<NodeView> nodes, TopOrder order) => order switch
    {
        TopOrder.Calls => nodes.OrderByDescending(node => node.CallsPerSecond),
        TopOrder.Time => nodes.OrderByDescending(node => node.P99),
        TopOrder.Errors => nodes.OrderByDescending(ErrorsOf),
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

    private static double ErrorsOf(NodeView node) => node.ErrorsPerSecond + node.FailuresPerSecond;

    private static string StateOf(NodeView node) =>
        node.Administrative == "active" ? node.State : node.Administrative;

    private static string Printable(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(sign => char.IsControl(sign) ? '?' : sign)) : text;

    private static string Time(double seconds) => seconds switch
    {
        < 0.00095 => Text($"{seconds * 1e6:0}us"),
        < 0.0995 => Text($"{seconds * 1e3:0.0}ms"),
        < 9.95 => Text($"{seconds * 1e3:0}ms"),
        _ => Text($"{seconds:0.0}s"),
    };

    private static string Share(double share) => Text($"{share * 100:0.0}%");

    private static string Number(double number) => Text($"{number:0.#}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

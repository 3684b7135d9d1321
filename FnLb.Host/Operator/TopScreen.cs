using FnLb.Host.Telemetry;
using Spectre.Console;

namespace FnLb.Host.Operator;

/// <summary>Where <c>fnlb top</c> writes: a terminal, whose keys it reads as well, or a pipe.</summary>
internal sealed class TopScreen
{
    private const string Enter = "\e[?1049h";
    private const string Leave = "\e[?1049l";
    private const int PipeColumns = 120;
    private const int PipeLines = 60;

    private readonly Lock _drawing = new();
    private readonly TaskCompletionSource _quit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IAnsiConsole _console;
    private LiveDisplayContext? _live;
    private TopOrder _order;
    private LiveSnapshot? _shown;
    private string _remark = "";

    public TopScreen()
    {
        _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        IsTerminal = !Console.IsOutputRedirected && _console.Profile.Capabilities.Ansi;
        if (!IsTerminal)
        {
            _console.Profile.Width = PipeColumns;
        }
    }

    /// <summary>A view can be drawn over the one before.</summary>
    public bool IsTerminal { get; }

    /// <summary>Completes when somebody presses q.</summary>
    public Task Quit => _quit.Task;

    /// <summary>Takes the whole terminal for as long as something runs, which shows one snapshot after the other; the
    /// terminal is then as it was before.</summary>
    public async Task<T> TakeAsync<T>(Func<Task<T>> runAsync)
    {
        if (!Console.IsInputRedirected)
        {
            new Thread(ReadKeys) { IsBackground = true, Name = "keys" }.Start();
        }

        _console.Write(new ControlCode(Enter));
        try
        {
            return await _console.Live(new Text("")).Overflow(VerticalOverflow.Crop).StartAsync(live =>
            {
                _live = live;
                return runAsync();
            });
        }
        finally
        {
            _console.Write(new ControlCode(Leave));
        }
    }

    /// <param name="remark">Shown below; empty for none.</param>
    public void Show(LiveSnapshot snapshot, string remark = "")
    {
        lock (_drawing)
        {
            (_shown, _remark) = (snapshot, remark);
            Draw();
        }
    }

    private void Draw()
    {
        if (_shown is not { } snapshot)
        {
            return;
        }

        if (_live is null)
        {
            _console.Write(TopView.Of(snapshot, _order, PipeColumns, PipeLines));
            _console.WriteLine();
            return;
        }

        // The last line is for the keys; the one above it stays free.
        int columns = int.Max(20, _console.Profile.Width);
        int lines = int.Max(10, _console.Profile.Height);
        _live.UpdateTarget(new Rows(
            TopView.Of(snapshot, _order, columns, lines - 2),
            new Text(""),
            TopView.Line($"q quit   s sort: {Name(_order)}   {_remark}", columns)));
    }

    private void ReadKeys()
    {
        while (!Quit.IsCompleted)
        {
            switch (Console.ReadKey(intercept: true).KeyChar)
            {
                case 'q' or 'Q':
                    _quit.TrySetResult();
                    break;
                case 's' or 'S':
                    lock (_drawing)
                    {
                        _order = _order == TopOrder.Name ? TopOrder.Calls : _order + 1;
                        Draw();
                    }

                    break;
            }
        }
    }

    private static string Name(TopOrder order) => order switch
    {
        TopOrder.Calls => "calls",
        TopOrder.Time => "time",
        TopOrder.Errors => "errors",
        _ => "name",
    };
}

using System.Text;
using FnLb.Host.Telemetry;

namespace FnLb.Host.Operator;

/// <summary>Where <c>fnlb top</c> writes: a terminal, whose keys it reads as well, or a pipe.</summary>
internal sealed class TopScreen : IDisposable
{
    private const string Enter = "\e[?1049h\e[?25l";
    private const string Leave = "\e[?25h\e[?1049l";
    private const string Home = "\e[H";
    private const string ToEndOfLine = "\e[K\r\n";
    private const string ToEndOfScreen = "\e[J";
    private const int PipeColumns = 120;
    private const int PipeLines = 60;

    private readonly Lock _drawing = new();
    private readonly TaskCompletionSource _quit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool _isTerminal = !Console.IsOutputRedirected;
    private TopOrder _order;
    private LiveSnapshot? _shown;
    private string _remark = "";

    public TopScreen()
    {
        if (!_isTerminal)
        {
            return;
        }

        Console.Out.Write(Enter);
        if (!Console.IsInputRedirected)
        {
            new Thread(ReadKeys) { IsBackground = true, Name = "keys" }.Start();
        }
    }

    /// <summary>Completes when somebody presses q.</summary>
    public Task Quit => _quit.Task;

    /// <param name="remark">Shown below; empty for none.</param>
    public void Show(LiveSnapshot snapshot, string remark = "")
    {
        lock (_drawing)
        {
            (_shown, _remark) = (snapshot, remark);
            Draw();
        }
    }

    /// <summary>The terminal is as it was before.</summary>
    public void Dispose()
    {
        lock (_drawing)
        {
            _shown = null;
            Console.Out.Write(_isTerminal ? Leave : "");
        }
    }

    private void Draw()
    {
        if (_shown is not { } snapshot)
        {
            return;
        }

        StringBuilder text = new();
        if (!_isTerminal)
        {
            text.AppendJoin('\n', TopFrame.Lines(snapshot, _order, PipeColumns, PipeLines)).Append("\n\n");
            Console.Out.Write(text.ToString());
            return;
        }

        // The last line is for the keys; the one above it stays free.
        int columns = int.Max(20, Console.WindowWidth);
        int lines = int.Max(10, Console.WindowHeight);
        text.Append(Home);
        foreach (string line in TopFrame.Lines(snapshot, _order, columns, lines - 2))
        {
            text.Append(line).Append(ToEndOfLine);
        }

        string keys = $"q quit   s sort: {Name(_order)}   {_remark}";
        text.Append(ToEndOfScreen).Append(ToEndOfLine).Append(keys.AsSpan(0, int.Min(keys.Length, columns)));
        Console.Out.Write(text.ToString());
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

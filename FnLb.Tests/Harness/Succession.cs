using System.Globalization;
using System.Text.RegularExpressions;

namespace FnLb.Tests.Harness;

/// <summary>The processes that take each other's place, from one that a test started; it ends all of them.</summary>
internal sealed partial class Succession(FnlbProcess first) : IDisposable
{
    private readonly string _command = CommandLine(first.Id);

    /// <summary>The process that serves.</summary>
    public int Serving { get; private set; } = first.Id;

    /// <summary>Hands over and waits until the new process serves.</summary>
    public async Task HandOverAsync()
    {
        int before = HandedOver().Count(first.Error);
        Ask();
        await Eventually.HoldsAsync(
            () => HandedOver().Count(first.Error) > before, "it hands over", TimeSpan.FromSeconds(20));
        Serving = int.Parse(
            HandedOver().Matches(first.Error)[before].Groups["process"].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>Asks for a hand-over, and waits for nothing.</summary>
    public void Ask() => Signals.Send(Serving, Signals.User2);

    /// <summary>All that were started with the arguments of the first and still run.</summary>
    public IEnumerable<int> Running()
    {
        return Directory.GetDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out int id) ? id : 0)
            .Where(id => id > 0 && CommandLine(id) == _command);
    }

    public void Dispose()
    {
        foreach (int process in Running())
        {
            try
            {
                Signals.Send(process, Signals.Kill);
            }
            catch (InvalidOperationException)
            {
                // It has handed over and ended.
            }
        }

        // Not all are children of this process, that it could wait for; nothing may write after this.
        SpinWait.SpinUntil(() => !Running().Any(), TimeSpan.FromSeconds(5));
    }

    private static string CommandLine(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }

    [GeneratedRegex(@"Handed over to process (?<process>\d+)")]
    private static partial Regex HandedOver();
}

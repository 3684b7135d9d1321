using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace FnLb.Benchmarks.Throughput;

/// <summary>A server that the benchmark started on given processors, with its children, until disposed.</summary>
internal sealed partial class PinnedProcess : IDisposable
{
    private const int ClockTicksPerSecond = 100;
    private const int TerminateSignal = 15;
    private const int LastLines = 5;
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(3);

    private readonly Process _process;
    private readonly string _logPath;

    private PinnedProcess(Process process, string logPath)
    {
        _process = process;
        _logPath = logPath;
    }

    public bool HasExited => _process.HasExited;

    /// <summary>The end of its log, for a message: the folder with the whole is deleted with the run.</summary>
    public string LastWords
    {
        get
        {
            string[] lines = File.Exists(_logPath)
                ? [.. File.ReadLines(_logPath).Where(line => line.Trim().Length > 0).TakeLast(LastLines)]
                : [];
            return lines.Length == 0 ? "its log is empty" : $"its log ends:\n  {string.Join("\n  ", lines)}";
        }
    }

    /// <summary>CPU time so far of the process and its children.</summary>
    public CpuTime Cpu
    {
        get
        {
            CpuTime sum = default;
            foreach (int id in Tree())
            {
                // The name in parentheses may hold blanks; utime and stime are the 12th and 13th field behind it.
                string stat = File.ReadAllText($"/proc/{id}/stat");
                string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                sum += new CpuTime(Seconds(fields[11]), Seconds(fields[12]));
            }

            return sum;
        }
    }

    /// <summary>Resident memory in bytes of the process and its children.</summary>
    public long ResidentBytes => Tree().Sum(ResidentBytesOf);

    /// <summary>Starts a command that stays in the foreground.</summary>
    /// <param name="logPath">Gets what it writes.</param>
    public static PinnedProcess Start(string processors, string logPath, string command, params string[] arguments)
    {
        // The shell replaces itself by taskset and that by the command: the id stays that of the process to measure.
        const string script = "exec taskset -c \"$0\" \"$@\" >>\"$LOG\" 2>&1";
        ProcessStartInfo info = new("/bin/sh", ["-c", script, processors, command, .. arguments]);
        info.Environment["LOG"] = logPath;
        return new PinnedProcess(Process.Start(info)!, logPath);
    }

    /// <summary>Ends all of them, also when one of them resists.</summary>
    /// <exception cref="InvalidOperationException">One could not be ended; the message says which.</exception>
    public static void EndAll(IEnumerable<PinnedProcess> processes)
    {
        PinnedProcess[] all = [.. processes];
        Array.ForEach(all, process => process.AskToEnd());
        List<string> faults = [];
        foreach (PinnedProcess process in all)
        {
            int id = process._process.Id;
            try
            {
                process.Dispose();
            }
            catch (Exception e) when (e is Win32Exception or InvalidOperationException or AggregateException)
            {
                faults.Add($"process {id} could not be ended: {e.Message}");
            }
        }

        if (faults.Count > 0)
        {
            throw new InvalidOperationException(string.Join('\n', faults));
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            AskToEnd();
            if (!_process.WaitForExit(EndMax))
            {
                _process.Kill(entireProcessTree: true);
                _process.WaitForExit();
            }
        }

        _process.Dispose();
    }

    // A polite signal first, so that a master ends its workers.
    private void AskToEnd()
    {
        if (!_process.HasExited)
        {
            _ = SendSignal(_process.Id, TerminateSignal);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int processId, int signal);

    private static double Seconds(string ticks) =>
        double.Parse(ticks, CultureInfo.InvariantCulture) / ClockTicksPerSecond;

    private static long ResidentBytesOf(int id)
    {
        string line = File.ReadLines($"/proc/{id}/status")
            .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        string[] parts = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(parts[1], CultureInfo.InvariantCulture) * 1024;
    }

    private List<int> Tree()
    {
        List<int> ids = [_process.Id];
        string children = File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children");
        ids.AddRange(children.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture)));
        return ids;
    }
}

using System.Diagnostics;
using System.Globalization;

namespace FnLb.Benchmarks.Throughput;

/// <summary>A server that the benchmark started on given processors, with its children, until disposed.</summary>
internal sealed class PinnedProcess : IDisposable
{
    private const int ClockTicksPerSecond = 100;
    private const int TerminateSignal = 15;
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(3);

    private readonly Process _process;

    private PinnedProcess(Process process) => _process = process;

    public bool HasExited => _process.HasExited;

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
        return new PinnedProcess(Process.Start(info)!);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            // A polite signal first, so that a master ends its workers.
            using Process kill = Process.Start("kill", [$"-{TerminateSignal}", $"{_process.Id}"]);
            kill.WaitForExit();
            if (!_process.WaitForExit(EndMax))
            {
                _process.Kill(entireProcessTree: true);
                _process.WaitForExit();
            }
        }

        _process.Dispose();
    }

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

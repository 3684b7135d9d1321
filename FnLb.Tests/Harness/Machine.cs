using System.Diagnostics;

namespace FnLb.Tests.Harness;

/// <summary>
/// A Debian with systemd as its first process, in a container: booted from a folder that it cannot change, on the
/// network of the tests.
/// </summary>
/// <remarks>systemd-nspawn without a systemd outside, so nothing is registered and no cgroup is delegated.</remarks>
internal sealed class Machine : IDisposable
{
    private static readonly TimeSpan BootLimit = TimeSpan.FromSeconds(60);

    private readonly Process _container;
    private int _init;

    private Machine(Process container) => _container = container;

    /// <param name="root">The root file system; changes are kept in memory and go with the machine.</param>
    public static async Task<Machine> BootAsync(string root)
    {
        Machine machine = new(Process.Start(new ProcessStartInfo("systemd-nspawn",
        [
            "--quiet", $"--directory={root}", $"--machine=fnlb-{Environment.ProcessId}", "--volatile=overlay", "--boot",
            "--register=no", "--keep-unit", "--drop-capability=CAP_SYS_RESOURCE", "--console=pipe",
        ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
        machine._container.BeginOutputReadLine();
        machine._container.BeginErrorReadLine();
        try
        {
            await Eventually.HoldsAsync(machine.HasBootedAsync, "the machine has booted", BootLimit);
            return machine;
        }
        catch
        {
            machine.Dispose();
            throw;
        }
    }

    /// <inheritdoc cref="Shell.RunAsync"/>
    public Task<string> RunAsync(params string[] command) => Shell.RunAsync("nsenter", Inside(command));

    /// <inheritdoc cref="Shell.TryAsync"/>
    public Task<CommandResult> TryAsync(params string[] command) => Shell.TryAsync("nsenter", Inside(command));

    /// <summary>A path of the machine, for this process to read and write.</summary>
    public string FullPath(string path) => $"/proc/{_init}/root{path}";

    /// <summary>The id outside of a process with this id inside.</summary>
    public int OutsideId(int inside) => Directory.GetDirectories("/proc")
        .Select(Path.GetFileName)
        .Where(name => int.TryParse(name, out _))
        .Select(name => int.Parse(name!))
        .Single(process => IsInside(process, inside));

    public void Dispose()
    {
        if (!_container.HasExited)
        {
            // The first asks it to shut down, the second not to wait for that.
            Signals.Send(_container.Id, Signals.Terminate);
            Signals.Send(_container.Id, Signals.Terminate);
            _container.WaitForExit();
        }

        _container.Dispose();
    }

    private string[] Inside(string[] command) =>
        [$"--target={_init}", "--mount", "--uts", "--ipc", "--pid", "--cgroup", "--", .. command];

    private async Task<bool> HasBootedAsync()
    {
        if (_container.HasExited)
        {
            throw new InvalidOperationException($"systemd-nspawn ended with code {_container.ExitCode}");
        }

        string children = await File.ReadAllTextAsync($"/proc/{_container.Id}/task/{_container.Id}/children");
        _init = children.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).FirstOrDefault(IsInit);
        if (_init == 0)
        {
            return false;
        }

        CommandResult state = await TryAsync("systemctl", "is-system-running");
        return state.Output.Trim() is "running" or "degraded";
    }

    private static bool IsInit(int process) => IsThereAnd(
        () => File.ReadAllText($"/proc/{process}/comm").Trim() == "systemd" && Ids(process) is [.., 1]);

    // A process of the machine has an id here and another there.
    private bool IsInside(int process, int inside) => IsThereAnd(
        () => Ids(process) is [_, .. int[] others] && others.LastOrDefault() == inside
            && Namespace(process) == Namespace(_init));

    private static bool IsThereAnd(Func<bool> isSo)
    {
        try
        {
            return isSo();
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return false;
        }
    }

    private static string? Namespace(int process) => new FileInfo($"/proc/{process}/ns/pid").LinkTarget;

    private static int[] Ids(int process) =>
    [
        .. File.ReadLines($"/proc/{process}/status")
            .First(line => line.StartsWith("NSpid:", StringComparison.Ordinal))
            .Split('\t', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1)
            .Select(int.Parse),
    ];
}

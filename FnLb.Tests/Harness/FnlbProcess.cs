using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace FnLb.Tests.Harness;

/// <summary>The published executable, running with the flags of a test on ports of its own.</summary>
internal sealed class FnlbProcess : IDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private FnlbProcess(Process process, int port, int adminPort)
    {
        _process = process;
        Port = port;
        AdminPort = adminPort;
        Admin = new AdminClient(adminPort);
        process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(_error, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Where calls go.</summary>
    public int Port { get; }

    public int AdminPort { get; }

    public AdminClient Admin { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Everything on stderr so far.</summary>
    public string Error
    {
        get
        {
            lock (_error)
            {
                return _error.ToString();
            }
        }
    }

    public ProcessFigures Figures => new(Id);

    /// <summary>Resident memory in bytes (VmRSS).</summary>
    public long ResidentBytes => Figures.ResidentBytes;

    /// <summary>Open descriptors, without the assemblies of a build that compiles as it runs.</summary>
    public int Descriptors => Figures.Descriptors;

    public int Threads => Figures.Threads;

    /// <summary>Threads that call themselves event loops.</summary>
    public int LoopThreads => Directory.GetDirectories($"/proc/{Id}/task")
        .Count(task => File.ReadAllText(Path.Combine(task, "comm")).Contains("loop", StringComparison.Ordinal));

    /// <summary>Starts it and waits until it listens and every given node is online.</summary>
    /// <param name="nodes">Nodes that answer health checks.</param>
    /// <param name="flags">Further flags; checks run every hour unless one says otherwise, so that traffic alone
    /// decides.</param>
    public static async Task<FnlbProcess> StartAsync(IEnumerable<string> nodes, params string[] flags)
    {
        string[] addresses = [.. nodes];
        int port = FreePort.Next();
        int adminPort = FreePort.Next();
        List<string> all = [$"-listen=127.0.0.1:{port}", $"-mgmt-listen=127.0.0.1:{adminPort}"];
        if (!flags.Any(flag => flag.TrimStart('-').StartsWith("hc-interval", StringComparison.Ordinal)))
        {
            all.Add("-hc-interval=3600");
        }

        if (addresses.Length > 0)
        {
            all.Add($"-nodes={string.Join(',', addresses)}");
        }

        FnlbProcess fnlb = Launch(port, adminPort, [.. all, .. flags]);
        try
        {
            await fnlb.WaitUntilListeningAsync();
            foreach (string node in addresses)
            {
                await fnlb.Admin.WaitForStateAsync(node, "online");
            }

            return fnlb;
        }
        catch (Exception e)
        {
            fnlb.Dispose();
            throw new InvalidOperationException($"fnlb did not start: {e.Message}\nstderr: {fnlb.Error}", e);
        }
    }

    /// <summary>Starts it with exactly these flags and waits for nothing.</summary>
    /// <param name="port">Where the flags say calls go.</param>
    /// <param name="adminPort">Where the flags say the node API is.</param>
    public static FnlbProcess Launch(
        int port, int adminPort, IEnumerable<string> flags, IReadOnlyDictionary<string, string>? environment = null) =>
        LaunchBy(FnlbExecutable.Path, flags, port, adminPort, environment);

    /// <summary>Starts another program that becomes the executable.</summary>
    public static FnlbProcess LaunchBy(
        string program, IEnumerable<string> arguments, int port, int adminPort,
        IReadOnlyDictionary<string, string>? environment) =>
        new(Process.Start(StartInfo(program, arguments, environment))!, port, adminPort);

    /// <summary>Runs it with exactly these arguments until it ends by itself.</summary>
    public static async Task<ProcessExit> RunAsync(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        using FnlbProcess fnlb = Launch(0, 0, arguments, environment);
        return await fnlb.WaitForExitAsync(TimeSpan.FromSeconds(20));
    }

    public Task WaitUntilListeningAsync() => Eventually.HoldsAsync(
        () => HasExited
            ? throw new InvalidOperationException($"it exited with code {_process.ExitCode}")
            : IsOpen(Port) && IsOpen(AdminPort),
        $"listening on {Port} and {AdminPort}",
        StartDeadline);

    public void Signal(int signal) => Signals.Send(Id, signal);

    public async Task<ProcessExit> WaitForExitAsync(TimeSpan deadline)
    {
        using CancellationTokenSource expiry = new(deadline);
        try
        {
            await _process.WaitForExitAsync(expiry.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"fnlb still runs after {deadline.TotalSeconds:0.#} s; stderr: {Error}");
        }

        lock (_output)
        {
            return new ProcessExit(_process.ExitCode, _output.ToString(), Error);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        Admin.Dispose();
        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        ProcessStartInfo info = new(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (string name in info.Environment.Keys.Where(IsOption).ToArray())
        {
            info.Environment.Remove(name);
        }

        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            info.Environment[name] = value;
        }

        return info;
    }

    private static bool IsOption(string variable) =>
        variable == "LOG_LEVEL" || variable.StartsWith("FNLB_", StringComparison.Ordinal);

    private static bool IsOpen(int port)
    {
        using Socket probe = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Connect(System.Net.IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void Append(StringBuilder target, string? line)
    {
        if (line is not null)
        {
            lock (target)
            {
                target.Append(line).Append('\n');
            }
        }
    }
}

using System.Data.Common;
using System.Diagnostics;
using System.Globalization;

namespace FnLb.Tests.Harness;

/// <summary>A database server from the Debian packages, on loopback, with its data in a temporary folder.</summary>
internal abstract class DatabaseServer : IDisposable
{
    public const string User = "fn";
    public const string Password = "s3cr3t-of-the-database";

    private readonly string _account;
    private readonly string _group;
    private readonly TestFolder _folder = new();
    private Process? _process;

    /// <param name="account">Who it runs as when the tests run as root, as these servers refuse root.</param>
    protected DatabaseServer(string account, string group)
    {
        _account = account;
        _group = group;
        DataFolder = Path.Combine(Folder, "data");
        Directory.CreateDirectory(DataFolder);
        using (LoopbackCertificate certificate = new())
        {
            File.WriteAllText(CertificatePath, certificate.Pem);
            File.WriteAllText(KeyPath, certificate.KeyPem);
        }

        Run("chmod", "600", KeyPath);
        if (Environment.IsPrivilegedProcess)
        {
            Run("chown", "-R", _account, Folder);
        }
    }

    public int Port { get; } = FreePort.Next();

    /// <summary>Of the server, for 127.0.0.1; its own authority.</summary>
    public string CertificatePath => Path.Combine(Folder, "certificate.pem");

    protected string KeyPath => Path.Combine(Folder, "key.pem");

    protected string Folder => _folder.Path;

    protected string DataFolder { get; }

    /// <summary>What ends it in good order without waiting for its clients.</summary>
    protected abstract int StopSignal { get; }

    protected abstract string[] ServerCommand { get; }

    /// <summary>As -db takes it.</summary>
    public abstract string Url(string database);

    public abstract Task<DbConnection> ConnectAsync(string database, string? user = null);

    /// <summary>Makes an empty database.</summary>
    /// <returns>Its name.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        string name = $"lb_{Guid.NewGuid():N}";
        await ExecuteAsync(null, $"CREATE DATABASE {name}");
        return name;
    }

    /// <param name="database">Null for the one that is always there.</param>
    public Task<object?> ExecuteAsync(string? database, string statement) =>
        ExecuteAsync(database, statement, user: null);

    public async Task<object?> ExecuteAsync(string? database, string statement, string? user)
    {
        await using DbConnection connection = await ConnectAsync(database ?? "", user);
        await using DbCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are literals of the tests.
        command.CommandText = statement;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Starts it (again) and waits until it takes connections.</summary>
    public async Task StartAsync()
    {
        _process = Launch(ServerCommand);
        await Eventually.HoldsAsync(AnswersAsync, $"{GetType().Name} answers", TimeSpan.FromSeconds(60));
    }

    public void Stop() => End(StopSignal);

    /// <summary>As when the machine loses power.</summary>
    public void Kill() => End(Signals.Kill);

    /// <summary>It keeps its connections, and answers nothing until <see cref="Resume"/>.</summary>
    public void Pause() => SignalAll(Signals.Stop);

    public void Resume() => SignalAll(Signals.Continue);

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            Kill();
        }

        _folder.Dispose();
    }

    protected void Run(params string[] command)
    {
        using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)}: {output.Result}{error}");
        }
    }

    protected string[] AsAccount(params string[] command) => Environment.IsPrivilegedProcess
        ? ["setpriv", $"--reuid={_account}", $"--regid={_group}", "--clear-groups", .. command]
        : command;

    private async Task<bool> AnswersAsync()
    {
        if (_process!.HasExited)
        {
            throw new InvalidOperationException($"{ServerCommand[0]} ended with code {_process.ExitCode}");
        }

        try
        {
            await ExecuteAsync(null, "SELECT 1");
            return true;
        }
        catch (DbException)
        {
            return false;
        }
    }

    private Process Launch(string[] command)
    {
        string[] full = AsAccount(command);
        Process process = new()
        {
            StartInfo = new ProcessStartInfo(full[0], full[1..])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = "/",
            },
        };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void End(int signal)
    {
        SignalAll(Signals.Continue);
        if (signal == Signals.Kill)
        {
            SignalAll(signal);
        }
        else
        {
            Signals.Send(_process!.Id, signal);
        }

        _process!.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    // PostgreSQL has a process for each connection.
    private void SignalAll(int signal)
    {
        foreach (int id in (int[])[_process!.Id, .. ChildrenOf(_process.Id)])
        {
            try
            {
                Signals.Send(id, signal);
            }
            catch (InvalidOperationException) when (id != _process.Id)
            {
                // It ended by itself.
            }
        }
    }

    private static IEnumerable<int> ChildrenOf(int id) =>
        Directory.GetDirectories($"/proc/{id}/task").SelectMany(task => File.ReadAllText($"{task}/children").Split(
            ' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        .Select(child => int.Parse(child, CultureInfo.InvariantCulture));
}

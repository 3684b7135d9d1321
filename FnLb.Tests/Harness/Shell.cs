using System.Diagnostics;
using System.Text;

namespace FnLb.Tests.Harness;

/// <summary>Runs programs of the system that a test needs.</summary>
internal static class Shell
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <exception cref="InvalidOperationException">It ended with another code than 0; the message has its output.
    /// </exception>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        CommandResult result = await TryAsync(program, arguments);
        return result.Code == 0
            ? result.Output
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)}: exit code {result.Code}\n{result.Output}");
    }

    /// <inheritdoc cref="RunAsync"/>
    public static void Run(params string[] command) =>
        RunAsync(command[0], command[1..]).GetAwaiter().GetResult();

    /// <summary>Runs it whatever it ends with.</summary>
    public static async Task<CommandResult> TryAsync(string program, params string[] arguments)
    {
        StringBuilder output = new();
        using Process process = new()
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(output, line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using CancellationTokenSource limit = new(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} still runs; so far: {output}");
        }

        return new CommandResult(process.ExitCode, output.ToString());
    }

    private static void Append(StringBuilder output, string? line)
    {
        if (line is not null)
        {
            lock (output)
            {
                output.Append(line).Append('\n');
            }
        }
    }
}

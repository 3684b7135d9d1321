using System.Diagnostics;
using System.Text;

namespace FnLb.Tests.Harness;

/// <summary>A program in a terminal of its own, by script(1).</summary>
internal sealed class Terminal : IDisposable
{
    private readonly Process _script;
    private readonly StringBuilder _output = new();
    private readonly Task _reading;

    /// <param name="command">For a shell.</param>
    public Terminal(string command)
    {
        _script = Process.Start(new ProcessStartInfo(
            "script", ["--quiet", "--return", "--command", $"stty cols 100 rows 30; exec {command}", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["TERM"] = "xterm" },
        })!;
        _reading = ReadAsync();
    }

    /// <summary>Everything that was written so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public Task WaitForAsync(string text) => Eventually.HoldsAsync(
        () => Output.Contains(text, StringComparison.Ordinal), $"the terminal shows {text}");

    public async Task TypeAsync(char key)
    {
        await _script.StandardInput.WriteAsync(key);
        await _script.StandardInput.FlushAsync();
    }

    /// <returns>The program's exit code.</returns>
    public async Task<int> WaitForExitAsync()
    {
        await _script.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        await _reading;
        return _script.ExitCode;
    }

    public void Dispose()
    {
        if (!_script.HasExited)
        {
            _script.Kill(entireProcessTree: true);
        }

        _script.Dispose();
    }

    private async Task ReadAsync()
    {
        char[] buffer = new char[4096];
        int read;
        while ((read = await _script.StandardOutput.ReadAsync(buffer)) > 0)
        {
            lock (_output)
            {
                _output.Append(buffer, 0, read);
            }
        }
    }
}

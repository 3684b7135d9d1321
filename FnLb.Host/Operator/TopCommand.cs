using System.Text.Json;
using FnLb.Host.Lifecycle;
using FnLb.Host.Telemetry;

namespace FnLb.Host.Operator;

/// <summary><c>fnlb top</c>: what a running balancer does, anew each second.</summary>
internal static class TopCommand
{
    private const int Functions = 100;
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    /// <returns>0; 1 when nobody answers; 2 for wrong arguments.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        Func<string, string?> variable = Environment.GetEnvironmentVariable;
        string[] others = [.. arguments.Where(argument => argument is not ("-once" or "--once"))];
        if (!AdminOptions.TryParse(others, variable, out AdminOptions? options, out string? error)
            || options.Words.Count > 0)
        {
            await Console.Error.WriteLineAsync($"fnlb: {error ?? $"top {options!.Words[0]}: takes no words"}");
            return 2;
        }

        bool isOnce = others.Length < arguments.Length;
        using StopSignals stops = new();
        using AdminCaller caller = new(options);
        using CancellationTokenSource end = new();
        TopScreen screen = new();
        _ = Task.WhenAny(stops.First, screen.Quit).ContinueWith(_ => end.Cancel(), TaskScheduler.Default);
        string failure = isOnce || !screen.IsTerminal
            ? await ShowAsync(caller, screen, isOnce, end.Token)
            : await screen.TakeAsync(() => ShowAsync(caller, screen, isOnce, end.Token));
        if (failure.Length == 0)
        {
            return 0;
        }

        await Console.Error.WriteLineAsync($"fnlb: {options.Address} does not answer: {failure}");
        return 1;
    }

    /// <returns>Why there is nothing to show; empty when the operator has seen enough.</returns>
    private static async Task<string> ShowAsync(
        AdminCaller caller, TopScreen screen, bool isOnce, CancellationToken cancellation)
    {
        LiveSnapshot? last = null;
        while (true)
        {
            string failure = "the stream has ended";
            try
            {
                await foreach (LiveSnapshot snapshot in SnapshotStream.ReadAsync(caller, Functions, cancellation))
                {
                    screen.Show(last = snapshot);
                    if (isOnce)
                    {
                        return "";
                    }
                }
            }
            catch (OperationCanceledException)
            {
                return "";
            }
            catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
            {
                failure = e.Message;
            }

            // A hand-over ends the stream, and the new process goes on with it.
            if (last is null)
            {
                return failure;
            }

            // A wait that is cancelled is noticed by the next attempt.
            screen.Show(last, failure);
            await Task.WhenAny(Task.Delay(RetryInterval, cancellation));
        }
    }
}

using System.Text;

namespace FnLb.Host.Operator;

/// <summary><c>fnlb health</c>: whether the balancer on this machine is ready, for the check of a container.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <returns>0 when it is ready, 1 when not or when nobody answers, 2 for wrong arguments.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        Func<string, string?> variable = Environment.GetEnvironmentVariable;
        if (!AdminOptions.TryParse(arguments, variable, out AdminOptions? options, out string? error))
        {
            await Console.Error.WriteLineAsync($"fnlb: {error}");
            return 2;
        }

        using AdminCaller caller = new(options);
        using CancellationTokenSource limit = new(Limit);
        try
        {
            (int status, byte[] body) = await caller.CallAsync(HttpMethod.Get, "/readyz", body: null, limit.Token);
            await Console.Out.WriteAsync(Encoding.UTF8.GetString(body));
            return status == 200 ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"fnlb: {options.Address} does not answer: {e.Message}");
            return 1;
        }
    }
}

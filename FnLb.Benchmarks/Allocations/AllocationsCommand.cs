namespace FnLb.Benchmarks.Allocations;

internal static class AllocationsCommand
{
    public static Task<int> RunAsync(string[] args) => Task.FromResult(args.Length);
}

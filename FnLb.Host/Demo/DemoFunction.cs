namespace FnLb.Host.Demo;

/// <summary>A function of the demo and its share of the calls.</summary>
/// <param name="Weight">Relative to the sum of all.</param>
/// <param name="Note">What to expect of a call, for the person who tries it.</param>
internal sealed record DemoFunction(SampleFunction Function, double Weight, string Note)
{
    private static readonly SampleFunction Rare = new("/r/demo/rare")
    {
        ColdStart = TimeSpan.FromMilliseconds(350),
        IdleTimeout = TimeSpan.FromMilliseconds(100),
    };

    /// <summary>Enough functions for three nodes, each with a character of its own.</summary>
    public static IReadOnlyList<DemoFunction> All { get; } =
    [
        new(Runs("/r/demo/hello", milliseconds: 2), 10, "warm after the first call"),
        new(Runs("/r/demo/thumbnail", milliseconds: 30), 5, "warm, 30 ms of work"),
        new(Runs("/r/demo/translate", milliseconds: 12), 5, "warm, 12 ms of work"),
        new(Runs("/t/demo/webhook", milliseconds: 4), 5, "a trigger, warm"),
        new(Runs("/r/demo/report", milliseconds: 700), 1, "slow: 700 ms of work"),
        new(Rare, 1, "cold nearly every time: its containers are kept for 100 ms only"),
    ];

    private static SampleFunction Runs(string path, int milliseconds) =>
        new(path) { Duration = TimeSpan.FromMilliseconds(milliseconds) };
}

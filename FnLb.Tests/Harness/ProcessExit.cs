namespace FnLb.Tests.Harness;

/// <summary>What a process left behind.</summary>
internal sealed record ProcessExit(int Code, string Output, string Error)
{
    /// <summary>The lines on stderr, without empty ones.</summary>
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public override string ToString() => $"exit {Code}\nstdout: {Output}\nstderr: {Error}";
}

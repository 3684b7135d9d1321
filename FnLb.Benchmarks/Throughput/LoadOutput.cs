namespace FnLb.Benchmarks.Throughput;

/// <summary>What a <see cref="LoadProcess"/> left behind.</summary>
internal sealed record LoadOutput(int ExitCode, string Text);

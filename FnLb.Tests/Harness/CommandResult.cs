namespace FnLb.Tests.Harness;

/// <param name="Output">Both streams, as they came.</param>
internal sealed record CommandResult(int Code, string Output);

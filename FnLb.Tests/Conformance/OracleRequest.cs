namespace FnLb.Tests.Conformance;

/// <summary>A request as it has to reach a node.</summary>
internal sealed record OracleRequest(string Method, string Target, string Body);

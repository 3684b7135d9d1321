namespace FnLb.Host.Admin;

/// <summary>What most calls answer: <c>{"msg":"node added"}</c>.</summary>
internal sealed record MessageAnswer(string Msg);

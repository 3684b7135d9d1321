namespace FnLb.Host.Admin;

/// <summary>Body of PUT and DELETE: <c>{"node":"host:port"}</c>, other members ignored.</summary>
internal sealed record NodeRequest
{
    public string? Node { get; init; }
}

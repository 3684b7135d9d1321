namespace FnLb.Host.Admin;

/// <summary>The node list: <c>{"nodes":{"10.0.0.1:8080":"online"}}</c>, in byte order as Go writes it.</summary>
internal sealed record NodesAnswer(SortedDictionary<string, string> Nodes);

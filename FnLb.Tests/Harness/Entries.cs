using FnLb.Core.Nodes;

namespace FnLb.Tests.Harness;

/// <summary>Nodes from their texts, which must be valid.</summary>
internal static class Entries
{
    public static NodeAddress Address(string text) =>
        NodeAddress.TryParse(text, out NodeAddress address, out string? error)
            ? address
            : throw new ArgumentException(error);

    public static NodeEntry Of(string text) => new(Address(text));
}

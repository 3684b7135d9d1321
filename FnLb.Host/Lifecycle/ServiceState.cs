using FnLb.Core.Nodes;
using FnLb.Core.Routing;

namespace FnLb.Host.Lifecycle;

/// <summary>What a balancer leaves to the one that takes its place.</summary>
internal sealed record ServiceState
{
    private const int FormatNow = 1;

    /// <summary>Another number than this build's: of another version, not to be used.</summary>
    public int Format { get; init; } = FormatNow;

    public DateTimeOffset TakenAt { get; init; }

    public IReadOnlyList<MemberState> Members { get; init; } = [];

    /// <summary>Of the members, those of the command line that could not be added to the store yet.</summary>
    public IReadOnlyList<string> NotAdded { get; init; } = [];

    public RoutingSnapshot Routing { get; init; } = new();

    /// <summary>Calls that drains have cut, in this process and those before it.</summary>
    public int CallsCut { get; init; }

    public bool IsReadable => Format == FormatNow;

    public static ServiceState Of(NodeDirectory directory, Router router, TimeProvider time) => ListOf(directory) with
    {
        TakenAt = time.GetUtcNow(),
        Routing = router.Remember(Environment.TickCount64),
    };

    /// <summary>The members alone.</summary>
    public static ServiceState ListOf(NodeDirectory directory) => new()
    {
        Members = [.. directory.Nodes.Select(
            node => new MemberState(node.Address.Text, node.Administrative, node.Weight, node.Note))],
    };

    /// <summary><see cref="NotAdded"/>; what is no address is left out.</summary>
    public IEnumerable<NodeAddress> AddressesNotAdded()
    {
        foreach (string text in NotAdded)
        {
            if (NodeAddress.TryParse(text, out NodeAddress address, out _))
            {
                yield return address;
            }
        }
    }

    /// <summary>The members as a store takes them; what is no address is left out.</summary>
    public IEnumerable<NodeEntry> Entries()
    {
        foreach (MemberState member in Members)
        {
            if (NodeAddress.TryParse(member.Address, out NodeAddress address, out _))
            {
                yield return new NodeEntry(address)
                {
                    State = member.State,
                    Weight = member.Weight,
                    Note = member.Note,
                };
            }
        }
    }
}

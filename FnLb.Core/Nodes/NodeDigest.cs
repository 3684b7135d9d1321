using System.Globalization;
using System.Text;

namespace FnLb.Core.Nodes;

/// <summary>Short texts that are equal where balancers have the same nodes, or judge them in the same way.</summary>
/// <remarks>64 bits of FNV-1a: they are to show a difference between friends, not to resist forgery.</remarks>
public static class NodeDigest
{
    private const ulong Basis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>Of what operators asked for: addresses, weights and states. 16 hexadecimal digits.</summary>
    /// <param name="nodes">In the order of <see cref="NodeDirectory.Nodes"/>.</param>
    public static string OfRing(IReadOnlyList<Node> nodes) => Of(nodes, node => string.Create(
        CultureInfo.InvariantCulture, $"{node.Address} {node.Weight:R} {(int)node.Administrative}"));

    /// <summary>Of what checks and traffic say of the nodes. 16 hexadecimal digits.</summary>
    /// <param name="nodes">In the order of <see cref="NodeDirectory.Nodes"/>.</param>
    public static string OfHealth(IReadOnlyList<Node> nodes) =>
        Of(nodes, node => $"{node.Address} {(node.Operational == OperationalState.Online ? 1 : 0)}");

    private static string Of(IReadOnlyList<Node> nodes, Func<Node, string> line)
    {
        ulong hash = Basis;
        foreach (Node node in nodes)
        {
            foreach (byte part in Encoding.UTF8.GetBytes(line(node) + "\n"))
            {
                hash = (hash ^ part) * Prime;
            }
        }

        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }
}

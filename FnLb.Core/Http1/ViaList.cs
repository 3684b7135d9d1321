using System.Text;

namespace FnLb.Core.Http1;

/// <summary>This program's part of Via (RFC 9110 section 7.6.3).</summary>
internal static class ViaList
{
    /// <summary>The name all balancers of this kind go by.</summary>
    public static ReadOnlySpan<byte> Pseudonym => "fnlb"u8;

    /// <summary>How many members of one Via value have the pseudonym as received-by.</summary>
    /// <remarks>
    /// A comma within a comment is taken for a separator. That can only raise the count, and only for a client that
    /// asks for it.
    /// </remarks>
    public static int CountOwn(ReadOnlySpan<byte> value)
    {
        int count = 0;
        ListReader list = new(value);
        while (list.TryNext(out ReadOnlySpan<byte> member))
        {
            int protocolBytes = member.IndexOfAny((byte)' ', (byte)'\t');
            if (protocolBytes < 0)
            {
                continue;
            }

            ReadOnlySpan<byte> receivedBy = member[protocolBytes..].TrimStart(" \t"u8);
            int nameBytes = receivedBy.IndexOfAny((byte)' ', (byte)'\t');
            count += Ascii.EqualsIgnoreCase(nameBytes < 0 ? receivedBy : receivedBy[..nameBytes], Pseudonym) ? 1 : 0;
        }

        return count;
    }
}

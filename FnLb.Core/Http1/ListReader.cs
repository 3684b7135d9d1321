namespace FnLb.Core.Http1;

/// <summary>
/// Walks the members of a comma-separated field value; empty members are passed over (RFC 9110 section 5.6.1.2).
/// </summary>
/// <remarks>Knows no quoted strings: for lists of tokens only.</remarks>
internal ref struct ListReader(ReadOnlySpan<byte> value)
{
    private ReadOnlySpan<byte> _rest = value;

    /// <param name="member">Never empty, without whitespace around it.</param>
    public bool TryNext(out ReadOnlySpan<byte> member)
    {
        while (!_rest.IsEmpty)
        {
            int comma = _rest.IndexOf((byte)',');
            member = (comma < 0 ? _rest : _rest[..comma]).Trim(" \t"u8);
            _rest = comma < 0 ? default : _rest[(comma + 1)..];
            if (!member.IsEmpty)
            {
                return true;
            }
        }

        member = default;
        return false;
    }
}

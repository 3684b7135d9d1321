namespace FnLb.Core.Http1;

/// <summary>The field lines of one section, in order. Reusable: filling it allocates nothing.</summary>
internal sealed class FieldTable(HeadLimits limits)
{
    private readonly Field[] _fields = new Field[limits.FieldCountMax];
    private int _count;
    private uint _kinds;

    public int Count => _count;

    public ReadOnlySpan<Field> Span => _fields.AsSpan(0, _count);

    public ref readonly Field this[int index] => ref _fields[index];

    public void Clear()
    {
        _count = 0;
        _kinds = 0;
    }

    /// <summary>Whether any line is of the kind.</summary>
    public bool Has(FieldKind kind) => (_kinds & Bit(kind)) != 0;

    /// <param name="isVerbatim">See <see cref="Field.IsVerbatim"/>.</param>
    /// <returns>False when the table is full; nothing was added.</returns>
    public bool TryAdd(Slice name, Slice value, FieldKind kind, bool isVerbatim)
    {
        Field[] fields = _fields;
        int count = _count;
        if ((uint)count >= (uint)fields.Length)
        {
            return false;
        }

        fields[count] = new Field(name, value, kind, isVerbatim);
        _kinds |= Bit(kind);
        _count = count + 1;
        return true;
    }

    public void Nominate(int index) => _fields[index] = _fields[index] with { IsNominated = true };

    private static uint Bit(FieldKind kind) => 1U << (int)kind;
}

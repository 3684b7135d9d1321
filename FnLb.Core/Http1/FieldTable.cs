namespace FnLb.Core.Http1;

/// <summary>The field lines of one section, in order. Reusable: filling it allocates nothing.</summary>
internal sealed class FieldTable(HeadLimits limits)
{
    private readonly Field[] _fields = new Field[limits.FieldCountMax];

    public int Count { get; private set; }

    public ReadOnlySpan<Field> Span => _fields.AsSpan(0, Count);

    public ref readonly Field this[int index] => ref _fields[index];

    public void Clear() => Count = 0;

    /// <returns>False when the table is full; nothing was added.</returns>
    public bool TryAdd(in Field field)
    {
        if (Count == _fields.Length)
        {
            return false;
        }

        _fields[Count++] = field;
        return true;
    }

    public void Nominate(int index) => _fields[index] = _fields[index] with { IsNominated = true };
}

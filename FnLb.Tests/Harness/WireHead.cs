namespace FnLb.Tests.Harness;

/// <summary>Start line and fields of a message, in the order received.</summary>
internal sealed record WireHead(string StartLine, IReadOnlyList<WireField> Fields)
{
    /// <summary>The request method or the version of an answer.</summary>
    public string First => StartLine.Split(' ')[0];

    /// <summary>The request target or the status code of an answer.</summary>
    public string Second => StartLine.Split(' ')[1];

    public bool Has(string name) => Fields.Any(field => field.Is(name));

    /// <summary>All values of that name, one a line.</summary>
    public string[] Values(string name) => [.. Fields.Where(field => field.Is(name)).Select(field => field.Value)];

    /// <summary>The value of a field that occurs once; null when it is absent.</summary>
    /// <exception cref="WireFormatException">The field occurs more than once.</exception>
    public string? Value(string name)
    {
        string[] values = Values(name);
        return values.Length switch
        {
            0 => null,
            1 => values[0],
            _ => throw new WireFormatException($"{name} occurs {values.Length} times: {string.Join(" | ", values)}"),
        };
    }
}

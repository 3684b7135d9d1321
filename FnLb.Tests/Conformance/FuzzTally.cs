namespace FnLb.Tests.Conformance;

/// <summary>How many messages of a run ended how, so that a run that tests nothing shows.</summary>
internal sealed class FuzzTally
{
    private readonly Dictionary<OracleEnd, int> _ends = [];

    public int Total { get; private set; }

    public void Add(OracleEnd end)
    {
        Total++;
        _ends[end] = CountOf(end) + 1;
    }

    public int CountOf(OracleEnd end) => _ends.GetValueOrDefault(end);

    public override string ToString() =>
        $"{Total} messages: "
            + $"{string.Join(", ", _ends.OrderBy(entry => entry.Key).Select(entry => $"{entry.Value} {entry.Key}"))}";
}

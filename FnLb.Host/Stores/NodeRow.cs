using FnLb.Core.Nodes;

namespace FnLb.Host.Stores;

/// <summary>A row of a table of nodes, as it was found.</summary>
internal sealed record NodeRow(string Address, string State, double? Weight, string Note)
{
    /// <summary>The largest weight; far beyond it a node would take every call, which is what removing the others
    /// is for.</summary>
    public const double WeightMax = 1000;

    /// <summary>The smallest weight; a node that is to take nothing is drained.</summary>
    public const double WeightMin = 0.001;

    public const int NoteCharsMax = 200;

    /// <summary>The word for a state in stores and in the API.</summary>
    public static string Word(AdministrativeState state) => state.ToString().ToLowerInvariant();

    public static AdministrativeState? StateOf(string word) => word switch
    {
        "active" => AdministrativeState.Active,
        "draining" => AdministrativeState.Draining,
        _ => null,
    };

    public static bool IsWeight(double weight) => weight is >= WeightMin and <= WeightMax;

    public static bool IsNote(string note) => note.Length <= NoteCharsMax && !note.Any(char.IsControl);

    /// <summary>What has to be set on a row that was inserted with its address alone.</summary>
    public static NodeChange BeyondDefaults(NodeEntry entry) => new()
    {
        State = entry.State == AdministrativeState.Active ? null : entry.State,
        Weight = entry.Weight == 1 ? null : entry.Weight,
        Note = entry.Note.Length == 0 ? null : entry.Note,
    };

    /// <summary>Whether this row is that node, however it is spelled.</summary>
    public bool Names(NodeAddress node) => NodeAddress.TryParse(Address, out NodeAddress own, out _) && own == node;

    /// <param name="error">What is wrong with the row; null when nothing is.</param>
    /// <returns>Null when the address is no node; a state or weight that cannot be right counts as not set.</returns>
    public NodeEntry? ToEntry(out string? error)
    {
        if (!NodeAddress.TryParse(Address, out NodeAddress address, out error))
        {
            return null;
        }

        AdministrativeState? state = StateOf(State);
        bool hasWeight = Weight is { } given && IsWeight(given);
        if (state is null || !hasWeight)
        {
            error = $"the node \"{address}\" has the state \"{Shown.Text(State)}\" and the weight {Weight}";
        }

        return new NodeEntry(address)
        {
            State = state ?? AdministrativeState.Active,
            Weight = hasWeight ? Weight!.Value : 1,
            Note = IsNote(Note) ? Note : "",
        };
    }
}

namespace FnLb.Host.Stores.Kubernetes;

/// <summary>A value of a YAML document: a text, a list or a mapping; all empty for a value that is not there.</summary>
internal sealed class YamlNode
{
    private static readonly YamlNode Missing = new();

    public string Text { get; init; } = "";

    public IReadOnlyList<YamlNode> Items { get; init; } = [];

    public IReadOnlyDictionary<string, YamlNode> Entries { get; init; } = new Dictionary<string, YamlNode>();

    public bool IsEmpty => Text.Length == 0 && Items.Count == 0 && Entries.Count == 0;

    public YamlNode this[string key] => Entries.TryGetValue(key, out YamlNode? value) ? value : Missing;
}

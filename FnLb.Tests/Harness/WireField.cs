namespace FnLb.Tests.Harness;

/// <summary>
/// A field line as it was on the wire, one char a byte (Latin-1); the value without surrounding SP and HTAB.
/// </summary>
internal readonly record struct WireField(string Name, string Value)
{
    public bool Is(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);
}

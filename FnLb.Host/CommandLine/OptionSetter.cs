namespace FnLb.Host.CommandLine;

/// <summary>Sets an option from its text.</summary>
/// <returns>Null, or what the value breaks, to stand after the flag and the value: "must be …".</returns>
internal delegate string? OptionSetter(ref FnlbOptions options, string value);

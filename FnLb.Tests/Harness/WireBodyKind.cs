namespace FnLb.Tests.Harness;

/// <summary>How the body of a message on the wire ends.</summary>
internal enum WireBodyKind
{
    None,
    Length,
    Chunked,
    UntilClose,
}

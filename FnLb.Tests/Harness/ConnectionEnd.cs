namespace FnLb.Tests.Harness;

/// <summary>How a connection was ended by the other side.</summary>
internal enum ConnectionEnd
{
    /// <summary>FIN: the end of the stream after all bytes were delivered.</summary>
    Closed,

    /// <summary>RST: bytes may have been lost.</summary>
    Reset,
}

namespace FnLb.Tests.Conformance;

/// <summary>How a stretch of bytes ends, as an oracle reads it.</summary>
internal enum OracleEnd
{
    /// <summary>Exactly at the end of a message.</summary>
    Whole,

    /// <summary>Within a message. It may be wrong already or not yet: both answers are right.</summary>
    Open,

    /// <summary>In a message that must be refused.</summary>
    Refused,

    /// <summary>The connection ends with the message; what follows does not count.</summary>
    Closing,
}

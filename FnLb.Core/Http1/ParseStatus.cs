namespace FnLb.Core.Http1;

/// <summary>What came of parsing the bytes at hand.</summary>
public enum ParseStatus : byte
{
    /// <summary>More bytes are needed; nothing was consumed.</summary>
    Incomplete,

    /// <summary>A whole element was read.</summary>
    Complete,

    /// <summary>The bytes can never become a valid element.</summary>
    Rejected,
}

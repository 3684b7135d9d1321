namespace FnLb.Benchmarks.Drive;

/// <summary>Why a call has no answer.</summary>
internal enum CallError
{
    /// <summary>No connection.</summary>
    Connect,

    /// <summary>The connection ended or broke before the whole answer was in.</summary>
    Lost,

    /// <summary>The answer was not complete in time.</summary>
    Timeout,

    /// <summary>What came was no HTTP/1.1 answer.</summary>
    Invalid,
}

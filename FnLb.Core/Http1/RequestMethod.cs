namespace FnLb.Core.Http1;

/// <summary>The methods that are told apart; any other token is forwarded as it came (RFC 9110 section 9.1).</summary>
public enum RequestMethod : byte
{
    Get,
    Head,
    Post,
    Put,
    Delete,
    Options,
    Trace,

    /// <summary>Named only so that it can be refused: it never leaves the parser.</summary>
    Connect,

    Patch,
    Other,
}

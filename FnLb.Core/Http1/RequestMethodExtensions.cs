namespace FnLb.Core.Http1;

/// <summary>Properties of methods.</summary>
public static class RequestMethodExtensions
{
    /// <summary>
    /// Whether sending it twice has the effect of sending it once (RFC 9110 section 9.2.2); nothing is assumed of an
    /// unknown method.
    /// </summary>
    public static bool IsIdempotent(this RequestMethod method) => method
        is RequestMethod.Get or RequestMethod.Head or RequestMethod.Put or RequestMethod.Delete
        or RequestMethod.Options or RequestMethod.Trace;
}

namespace FnLb.Core.Http1;

/// <summary>The field names an intermediary acts upon; all others pass.</summary>
internal enum FieldKind : byte
{
    Other,
    Host,
    ContentLength,
    TransferEncoding,
    Connection,
    KeepAlive,
    ProxyConnection,
    ProxyAuthenticate,
    ProxyAuthorization,
    Te,
    Trailer,
    Upgrade,
    Expect,
    Via,
    XForwardedFor,
    XForwardedProto,
    XForwardedHost,
    XRequestId,
    MaxForwards,
    Date,
    RetryAfter,
    FxlbWait,

    /// <summary>Any of those that say which trace a request belongs to: W3C's and B3's.</summary>
    TraceContext,
}

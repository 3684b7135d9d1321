namespace FnLb.Core.Routing;

/// <summary>The kinds of <see cref="RouteKeyRule"/>.</summary>
public enum RouteKeyKind : byte
{
    /// <summary>The whole path.</summary>
    Path,

    /// <summary>The first segments of the path.</summary>
    Segments,

    /// <summary>The value of a header; of a request without it, the path.</summary>
    Header,

    /// <summary>What names a function in the paths of an Fn server; of other paths, the whole.</summary>
    Fn,
}

namespace FnLb.Host.CommandLine;

/// <summary>Where the node list is kept, from the URL that <c>-db</c> takes.</summary>
/// <param name="Path">The SQLite file; null keeps the list in memory.</param>
internal sealed record StoreLocation(string? Path)
{
    private const string Scheme = "sqlite3://";

    public override string ToString() => Scheme + (Path ?? ":memory:");

    /// <returns>Null, or what is wrong with the URL.</returns>
    public static string? Parse(string url, out StoreLocation location)
    {
        location = new StoreLocation(Path: null);
        if (!url.StartsWith(Scheme, StringComparison.Ordinal))
        {
            bool isKnown = url == "k8s" || url.StartsWith("postgres://", StringComparison.Ordinal)
                || url.StartsWith("mysql://", StringComparison.Ordinal);
            return isKnown
                ? "is not supported by this build: give sqlite3://PATH or sqlite3://:memory:"
                : "must be sqlite3://PATH or sqlite3://:memory:";
        }

        // The original's driver takes settings of its own after a question mark; none of them means anything here.
        string path = url[Scheme.Length..].Split('?')[0];
        if (path.Length == 0 || path.Contains('\0'))
        {
            return "must name a file: sqlite3://PATH, or sqlite3://:memory:";
        }

        location = new StoreLocation(path == ":memory:" ? null : path);
        return null;
    }

    /// <summary>The URL as far as it may be shown: what stands before an at sign may be a password.</summary>
    public static string WithoutSecrets(string url)
    {
        int authority = url.IndexOf("://", StringComparison.Ordinal) + 3;
        int at = url.LastIndexOf('@');
        return at > authority && authority >= 3 ? $"{url[..authority]}…{url[at..]}" : url;
    }
}

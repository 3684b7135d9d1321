namespace FnLb.Host.CommandLine;

/// <summary>Where the node list is kept, from the URL that <c>-db</c> takes. Anybody may see its text.</summary>
internal abstract record StoreLocation
{
    public const string Rule =
        "sqlite3://PATH, sqlite3://:memory:, postgres://USER:PASSWORD@HOST/DATABASE, "
        + "mysql://USER:PASSWORD@HOST/DATABASE or k8s";

    private const string SqliteScheme = "sqlite3://";
    private const string MySqlScheme = "mysql://";
    private const string PostgresScheme = "postgres://";
    private const string LongPostgresScheme = "postgresql://";
    private const string Hidden = "…";

    private static readonly string[] DatabaseSchemes = [MySqlScheme, PostgresScheme, LongPostgresScheme];

    /// <summary>Whether it is a service that may be away for a while and comes back; a file is there or not.</summary>
    public abstract bool IsRemote { get; }

    /// <summary>The URL without what is secret in it.</summary>
    protected abstract string Shown { get; }

    public sealed override string ToString() => Shown;

    /// <returns>Null, or what is wrong with the URL; no part of it is repeated that may be secret.</returns>
    public static string? Parse(string url, out StoreLocation location)
    {
        location = new SqliteLocation(Path: null);
        if (url == "k8s")
        {
            location = new KubernetesLocation();
            return null;
        }

        if (url.StartsWith(SqliteScheme, StringComparison.Ordinal))
        {
            return ParseSqlite(url[SqliteScheme.Length..], out location);
        }

        if (url.StartsWith(MySqlScheme, StringComparison.Ordinal))
        {
            return MySqlUrl.Parse(url[MySqlScheme.Length..], out location);
        }

        string? postgres = url.StartsWith(PostgresScheme, StringComparison.Ordinal) ? PostgresScheme
            : url.StartsWith(LongPostgresScheme, StringComparison.Ordinal) ? LongPostgresScheme
            : null;
        return postgres is null
            ? $"must be {Rule}"
            : PostgresUrl.Parse(url[postgres.Length..], out location);
    }

    /// <summary>A refused URL as far as it may be shown: whatever is not surely something else may be a password.
    /// </summary>
    public static string WithoutSecrets(string url)
    {
        if (url.StartsWith(SqliteScheme, StringComparison.Ordinal))
        {
            return url.Split('?')[0];
        }

        string? scheme = DatabaseSchemes.FirstOrDefault(scheme => url.StartsWith(scheme, StringComparison.Ordinal));
        if (scheme is null)
        {
            return url.AsSpan().ContainsAny("@:=") ? Hidden : url;
        }

        // A host is surely one where one @ is all there is, and nothing before it that has a meaning in URLs.
        string rest = url[scheme.Length..];
        int at = rest.IndexOf('@');
        bool isSure = at >= 0 && at == rest.LastIndexOf('@') && !rest.AsSpan(0, at).ContainsAny("/?#(");
        int end = isSure ? rest.AsSpan(at).IndexOfAny("/?#") : 0;
        return scheme + (rest.Length == 0 ? "" : Hidden) + (isSure ? end < 0 ? rest[at..] : rest[at..(at + end)] : "");
    }

    private static string? ParseSqlite(string rest, out StoreLocation location)
    {
        // The original's driver takes settings of its own after a question mark; none of them means anything here.
        string path = rest.Split('?')[0];
        location = new SqliteLocation(path == ":memory:" ? null : path);
        return path.Length == 0 || path.Contains('\0')
            ? "must name a file: sqlite3://PATH, or sqlite3://:memory:"
            : null;
    }
}

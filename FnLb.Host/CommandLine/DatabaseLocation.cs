namespace FnLb.Host.CommandLine;

/// <summary>The node list in a table of a database server.</summary>
internal sealed record DatabaseLocation : StoreLocation
{
    public required DatabaseKind Kind { get; init; }

    /// <summary>A name, an IP address without brackets, or the path of a Unix socket (of its folder: PostgreSQL).
    /// </summary>
    public required string Host { get; init; }

    public required int Port { get; init; }

    public string User { get; init; } = "";

    /// <summary>Never shown.</summary>
    public string Password { get; init; } = "";

    public required string Database { get; init; }

    public DatabaseTls Tls { get; init; }

    /// <summary>A PEM file with the authorities to trust; empty for those of the system.</summary>
    public string RootCertificatePath { get; init; } = "";

    /// <summary>What the server lists the connection as.</summary>
    public string ApplicationName { get; init; } = "fnlb";

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public bool IsUnixSocket => Host.StartsWith('/');

    public override bool IsRemote => true;

    protected override string Shown
    {
        get
        {
            string scheme = Kind == DatabaseKind.Postgres ? "postgres" : "mysql";
            string host = Host.Contains(':') ? $"[{Host}]" : Host;
            return IsUnixSocket ? $"{scheme}://{Host}/{Database}" : $"{scheme}://{host}:{Port}/{Database}";
        }
    }
}

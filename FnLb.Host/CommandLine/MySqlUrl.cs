namespace FnLb.Host.CommandLine;

/// <summary>What follows <c>mysql://</c>: as the original's driver writes it, <c>user:pass@tcp(host:3306)/db</c> or
/// <c>user:pass@unix(/path)/db</c> with nothing encoded in user and password, or as a plain URL.</summary>
internal static class MySqlUrl
{
    private static readonly DatabaseLocation Template = new()
    {
        Kind = DatabaseKind.MySql,
        Host = "127.0.0.1",
        Port = 3306,
        Database = "",
        Tls = DatabaseTls.Off,
    };

    // How values look to a Go program; here they only ever are text and numbers.
    private static readonly string[] WithoutMeaning =
    [
        "allowAllFiles", "allowNativePasswords", "charset", "checkConnLiveness", "clientFoundRows", "collation",
        "columnsWithAlias", "interpolateParams", "loc", "maxAllowedPacket", "multiStatements", "parseTime",
        "readTimeout", "rejectReadOnly", "writeTimeout",
    ];

    /// <returns>Null, or what is wrong.</returns>
    public static string? Parse(string rest, out StoreLocation location)
    {
        DatabaseLocation database;
        Dictionary<string, string> settings;
        int open = Math.Max(rest.LastIndexOf("tcp(", StringComparison.Ordinal),
            rest.LastIndexOf("unix(", StringComparison.Ordinal));
        bool isDriverForm = open == 0 || (open > 0 && rest[open - 1] == '@');
        string? error = isDriverForm
            ? ParseDriverForm(rest, open, out database, out settings)
            : DatabaseUrl.Split(rest, Template, out database, out settings);
        foreach ((string name, string value) in settings)
        {
            error ??= Set(ref database, name, value, DatabaseUrl.Called(name, settings));
        }

        if (error is null && (database.User.Length == 0 || database.Database.Length == 0))
        {
            error = "must name a user and a database: mysql://USER:PASSWORD@HOST/DATABASE";
        }

        location = database;
        return error;
    }

    private static string? ParseDriverForm(
        string rest, int open, out DatabaseLocation database, out Dictionary<string, string> settings)
    {
        string credentials = open > 0 ? rest[..(open - 1)] : "";
        database = DatabaseUrl.WithCredentials(Template, credentials, text => text);
        settings = [];
        int address = rest.IndexOf('(', open) + 1;
        int close = rest.IndexOf(')', address);
        if (close < 0 || close + 1 >= rest.Length || rest[close + 1] != '/')
        {
            return "must go on with )/DATABASE after tcp(HOST:PORT";
        }

        string[] tail = rest[(close + 2)..].Split('?', 2);
        settings = DatabaseUrl.Settings(tail.Length > 1 ? tail[1] : "");
        database = database with { Database = tail[0] };
        string host = rest[address..close];
        if (DatabaseUrl.Stray(tail[0], settings) is string stray)
        {
            return stray;
        }

        if (rest[open] == 't')
        {
            return DatabaseUrl.SetHost(host, ref database);
        }

        database = database with { Host = host };
        return host.StartsWith('/') ? null : "must have the path of a socket in unix(…)";
    }

    private static string? Set(ref DatabaseLocation database, string name, string value, string called)
    {
        switch (name)
        {
            case "tls":
                DatabaseTls? tls = value switch
                {
                    "false" => DatabaseTls.Off,
                    "true" => DatabaseTls.VerifiedName,
                    "skip-verify" => DatabaseTls.Required,
                    "preferred" => DatabaseTls.Preferred,
                    _ => null,
                };
                database = database with { Tls = tls ?? database.Tls };
                return tls is null ? "must have tls true, false, skip-verify or preferred" : null;
            case "timeout":
                bool isTime = DurationText.TryParse(value, out TimeSpan timeout)
                    && timeout.TotalSeconds <= DatabaseUrl.ConnectSecondsMax;
                database = isTime && timeout > TimeSpan.Zero ? database with { ConnectTimeout = timeout } : database;
                return isTime
                    ? null
                    : $"must give timeout as a duration up to {DatabaseUrl.ConnectSecondsMax}s, such as 5s";
            case var _ when WithoutMeaning.Contains(name):
                return null;
            default:
                return $"must not have the setting {called}: tls and timeout are known, and settings "
                    + "of the original's driver that concern only itself";
        }
    }
}

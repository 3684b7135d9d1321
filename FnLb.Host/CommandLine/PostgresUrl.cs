using System.Globalization;

namespace FnLb.Host.CommandLine;

/// <summary>
/// What follows <c>postgres://</c>, with the settings of the original's driver that mean something here.
/// </summary>
internal static class PostgresUrl
{
    private static readonly DatabaseLocation Template = new()
    {
        Kind = DatabaseKind.Postgres,
        Host = "localhost",
        Port = 5432,
        Database = "",

        // What the original's driver takes when nothing is said.
        Tls = DatabaseTls.Required,
    };

    /// <returns>Null, or what is wrong.</returns>
    public static string? Parse(string rest, out StoreLocation location)
    {
        string? error = DatabaseUrl.Split(
            rest, Template, out DatabaseLocation database, out Dictionary<string, string> settings);
        foreach ((string name, string value) in settings)
        {
            error ??= Set(ref database, name, value, DatabaseUrl.Called(name, settings));
        }

        if (error is null && database.User.Length == 0)
        {
            error = "must name a user: postgres://USER:PASSWORD@HOST/DATABASE";
        }

        // As libpq does it: the user's database, and no TLS on a socket of this machine, which has none.
        location = database with
        {
            Database = database.Database.Length == 0 ? database.User : database.Database,
            Tls = database.IsUnixSocket ? DatabaseTls.Off : database.Tls,
        };
        return error;
    }

    private static string? Set(ref DatabaseLocation database, string name, string value, string called)
    {
        switch (name)
        {
            case "sslmode":
                return SetTls(ref database, value);
            case "sslrootcert":
                database = database with
                {
                    RootCertificatePath = value,
                    Tls = database.Tls == DatabaseTls.Required ? DatabaseTls.VerifiedAuthority : database.Tls,
                };
                return null;
            case "application_name" or "fallback_application_name":
                database = database with { ApplicationName = value };
                return null;
            case "connect_timeout":
                bool isTime = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
                    && seconds <= DatabaseUrl.ConnectSecondsMax;
                database = isTime && seconds > 0
                    ? database with { ConnectTimeout = TimeSpan.FromSeconds(seconds) }
                    : database;
                return isTime
                    ? null
                    : $"must give connect_timeout as a number of seconds up to {DatabaseUrl.ConnectSecondsMax}";
            case "user":
                database = database with { User = value };
                return null;
            case "password":
                database = database with { Password = value };
                return null;
            case "dbname":
                database = database with { Database = value };
                return null;
            case "host":
                database = database with { Host = value };
                return value.Length > 0 ? null : "must name a host";
            case "port":
                bool isPort = DatabaseUrl.TryPort(value, out int port);
                database = database with { Port = port };
                return isPort ? null : "must give port as a number from 1 to 65535";
            default:
                return $"must not have the setting {called}: sslmode, sslrootcert, connect_timeout, "
                    + "application_name, user, password, dbname, host and port are known";
        }
    }

    private static string? SetTls(ref DatabaseLocation database, string word)
    {
        DatabaseTls? tls = word switch
        {
            "disable" => DatabaseTls.Off,
            "allow" or "prefer" => DatabaseTls.Preferred,
            "require" when database.RootCertificatePath.Length > 0 => DatabaseTls.VerifiedAuthority,
            "require" => DatabaseTls.Required,
            "verify-ca" => DatabaseTls.VerifiedAuthority,
            "verify-full" => DatabaseTls.VerifiedName,
            _ => null,
        };
        database = database with { Tls = tls ?? database.Tls };
        return tls is null ? "must have sslmode disable, prefer, require, verify-ca or verify-full" : null;
    }
}

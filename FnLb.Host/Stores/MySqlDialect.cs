using System.Data.Common;
using FnLb.Host.CommandLine;
using MySqlConnector;

namespace FnLb.Host.Stores;

/// <summary>MySQL and MariaDB.</summary>
internal sealed class MySqlDialect(DatabaseLocation location) : SqlDialect
{
    private readonly string _settings = Settings(location).ConnectionString;

    public override bool KeepsConnection => true;

    // An address is 259 characters at most; MySQL takes no text without a length for a key.
    public override string KeyType => "varchar(300)";

    public override string InsertNew => "INSERT IGNORE";

    public override string UnlessThere => "";

    public override string Now => "(unix_timestamp(now(3)) + 0e0)";

    public override async Task<DbConnection> OpenAsync()
    {
        MySqlConnection connection = new(_settings);
        try
        {
            await connection.OpenAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static MySqlConnectionStringBuilder Settings(DatabaseLocation location) => new()
    {
        Server = location.Host,
        Port = (uint)location.Port,
        ConnectionProtocol = location.IsUnixSocket
            ? MySqlConnectionProtocol.UnixSocket
            : MySqlConnectionProtocol.Socket,
        UserID = location.User,
        Password = location.Password,
        Database = location.Database,
        ApplicationName = location.ApplicationName,
        SslMode = location.Tls switch
        {
            DatabaseTls.Off => MySqlSslMode.Disabled,
            DatabaseTls.Preferred => MySqlSslMode.Preferred,
            DatabaseTls.Required => MySqlSslMode.Required,
            _ => MySqlSslMode.VerifyFull,
        },

        // Without TLS a server that keeps only a hash of the password needs it, as with the original's driver.
        AllowPublicKeyRetrieval = location.Tls == DatabaseTls.Off,
        ConnectionTimeout = (uint)Math.Max(1, location.ConnectTimeout.TotalSeconds),
        DefaultCommandTimeout = (uint)Math.Max(1, location.ConnectTimeout.TotalSeconds),

        // A server that does not answer does not answer the cancellation either: cut.
        CancellationTimeout = -1,
        Keepalive = 10,
        Pooling = false,
    };
}

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

    // The local time of a zone with summer time is an hour of its own twice a year.
    public override string Now => "(timestampdiff(microsecond, '1970-01-01', utc_timestamp(3)) / 1e6)";

    public override async Task<DbConnection> OpenAsync()
    {
        MySqlConnection connection = new(_settings);
        try
        {
            await connection.OpenAsync();

            // Whatever the server's setting: an address that is cut to fit its column would be another node.
            await connection.ExecuteAsync(
                "SET SESSION sql_mode = concat_ws(',', nullif(@@sql_mode, ''), 'STRICT_TRANS_TABLES')");
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // INSERT IGNORE ignores more than a key that is there, and ON DUPLICATE KEY UPDATE asks for the right to update.
    public override async Task InsertNewAsync(
        DbConnection connection, string row, IReadOnlyList<(string Name, object Value)> parameters)
    {
        try
        {
            await connection.ExecuteAsync($"INSERT INTO {row}", parameters);
        }
        catch (MySqlException e) when (e.ErrorCode == MySqlErrorCode.DuplicateKeyEntry)
        {
            // It is there.
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

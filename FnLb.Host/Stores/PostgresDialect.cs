using System.Data.Common;
using FnLb.Host.CommandLine;
using Npgsql;

namespace FnLb.Host.Stores;

/// <summary>PostgreSQL, which tells each balancer of every change, also of those that the original makes.</summary>
internal sealed class PostgresDialect : SqlDialect
{
    public const string Channel = "lb_nodes";

    private const string InsufficientPrivilege = "42501";
    private const string ReadOnlyTransaction = "25006";

    // IF NOT EXISTS checks for the right to create even if nothing is missing, and two at once can collide: so a lock,
    // and a look first. Any number will do for the lock, if it is the same for all balancers.
    private const string CreateTable = """
        DO $$ BEGIN
            PERFORM pg_advisory_xact_lock(7120130);
            IF to_regclass('lb_nodes') IS NULL THEN
                CREATE TABLE lb_nodes (address text NOT NULL PRIMARY KEY);
            END IF;
        END $$
        """;

    private const string CreateTrigger = """
        DO $$ BEGIN
            PERFORM pg_advisory_xact_lock(7120130);
            IF NOT EXISTS (
                SELECT FROM pg_trigger WHERE tgrelid = 'lb_nodes'::regclass AND tgname = 'lb_nodes_changed') THEN
                CREATE OR REPLACE FUNCTION lb_nodes_changed() RETURNS trigger LANGUAGE plpgsql AS
                    'BEGIN PERFORM pg_notify(''lb_nodes'', ''''); RETURN NULL; END';
                CREATE TRIGGER lb_nodes_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON lb_nodes
                    FOR EACH STATEMENT EXECUTE PROCEDURE lb_nodes_changed();
            END IF;
        END $$
        """;

    // The listening connection is otherwise silent, and would not learn that the server is gone.
    private const int ListenerKeepAliveSeconds = 10;

    private readonly DatabaseLocation _location;
    private readonly NpgsqlDataSource _source;
    private readonly string _shown;
    private readonly ILogger _logger;
    private PostgresListener? _listener;

    public PostgresDialect(DatabaseLocation location, ILogger logger)
    {
        _location = location;

        // No keep-alive here: one that fails between two uses closes the connection behind the back of the next.
        _source = Source(location, keepAliveSeconds: 0);
        _shown = location.ToString();
        _logger = logger;
    }

    public override bool KeepsConnection => true;

    public override string Now => "extract(epoch FROM clock_timestamp())::double precision";

    public override async Task<DbConnection> OpenAsync() =>
        await _source.OpenConnectionAsync();

    public override async Task PrepareAsync(DbConnection connection)
    {
        await connection.ExecuteAsync(CreateTable);
        try
        {
            await connection.ExecuteAsync(CreateTrigger);
        }
        catch (PostgresException e) when (e.SqlState is InsufficientPrivilege or ReadOnlyTransaction)
        {
            StoreLog.NoTrigger(_logger, _shown, e.MessageText);
        }
    }

    public override void Watch(Action changed) => _listener = new PostgresListener(
        Source(_location, ListenerKeepAliveSeconds), _shown, changed, _logger);

    public override async ValueTask DisposeAsync()
    {
        if (_listener is not null)
        {
            await _listener.DisposeAsync();
        }

        await _source.DisposeAsync();
    }

    private static NpgsqlDataSource Source(DatabaseLocation location, int keepAliveSeconds)
    {
        NpgsqlConnectionStringBuilder settings = Settings(location);
        settings.KeepAlive = keepAliveSeconds;
        NpgsqlSlimDataSourceBuilder builder = new(settings.ConnectionString);
        if (location.Tls != DatabaseTls.Off)
        {
            builder.EnableTransportSecurity();
        }

        return builder.Build();
    }

    private static NpgsqlConnectionStringBuilder Settings(DatabaseLocation location)
    {
        int seconds = Math.Max(1, (int)location.ConnectTimeout.TotalSeconds);
        NpgsqlConnectionStringBuilder settings = new()
        {
            Host = location.Host,
            Port = location.Port,
            Username = location.User,
            Password = location.Password,
            Database = location.Database,
            ApplicationName = location.ApplicationName,
            SslMode = location.Tls switch
            {
                DatabaseTls.Off => SslMode.Disable,
                DatabaseTls.Preferred => SslMode.Prefer,
                DatabaseTls.Required => SslMode.Require,
                DatabaseTls.VerifiedAuthority => SslMode.VerifyCA,
                _ => SslMode.VerifyFull,
            },
            Timeout = seconds,
            CommandTimeout = seconds,

            // A server that does not answer does not answer the cancellation either: cut.
            CancellationTimeout = -1,
            Pooling = false,
        };
        if (!location.IsUnixSocket)
        {
            // The kernel's probes keep the way through firewalls open, and let a dead connection fail at once.
            settings.TcpKeepAlive = true;
            settings.TcpKeepAliveTime = 10;
            settings.TcpKeepAliveInterval = 5;
        }

        if (location.RootCertificatePath.Length > 0)
        {
            settings.RootCertificate = location.RootCertificatePath;
        }

        return settings;
    }
}

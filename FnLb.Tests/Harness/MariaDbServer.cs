using System.Data.Common;
using MySqlConnector;

namespace FnLb.Tests.Harness;

/// <summary>MariaDB; see <see cref="DatabaseServer"/>.</summary>
internal sealed class MariaDbServer : DatabaseServer
{
    private bool _hasUser;

    // The packages without the start scripts create no account for it.
    public MariaDbServer()
        : base("nobody", "nogroup")
    {
        Run(AsAccount(
            "mariadb-install-db", "--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db",
            $"--datadir={DataFolder}", $"--tmpdir={Folder}"));
    }

    protected override int StopSignal => Signals.Terminate;

    protected override string[] ServerCommand =>
    [
        "/usr/sbin/mariadbd", "--no-defaults", $"--datadir={DataFolder}", $"--tmpdir={Folder}",
        $"--socket={Folder}/socket", $"--pid-file={Folder}/pid", "--bind-address=127.0.0.1", $"--port={Port}",
        "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=16M", "--skip-name-resolve",
        $"--ssl-cert={CertificatePath}", $"--ssl-key={KeyPath}",
    ];

    public override string Url(string database) => $"mysql://{User}:{Password}@tcp(127.0.0.1:{Port})/{database}";

    public override async Task<DbConnection> ConnectAsync(string database, string? user = null)
    {
        if (!_hasUser)
        {
            await CreateUserAsync();
        }

        return await OpenAsync($"Server=127.0.0.1;Port={Port};User={user ?? User};Password={Password};"
            + $"Database={database};Pooling=false");
    }

    private static async Task<MySqlConnection> OpenAsync(string settings)
    {
        MySqlConnection connection = new(settings);
        await connection.OpenAsync();
        return connection;
    }

    private async Task CreateUserAsync()
    {
        await using MySqlConnection root = await OpenAsync(
            $"Server={Folder}/socket;Protocol=unix;User=root;Pooling=false");
        await using MySqlCommand command = new(
            $"CREATE USER IF NOT EXISTS '{User}'@'%' IDENTIFIED BY '{Password}';"
                + $"GRANT ALL ON *.* TO '{User}'@'%' WITH GRANT OPTION",
            root);
        await command.ExecuteNonQueryAsync();
        _hasUser = true;
    }
}

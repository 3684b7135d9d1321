using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace FnLb.Tests.Harness;

/// <summary>PostgreSQL; see <see cref="DatabaseServer"/>.</summary>
internal sealed class PostgresServer : DatabaseServer
{
    private readonly string _programs = Directory.GetDirectories("/usr/lib/postgresql").Order().Last() + "/bin";

    public PostgresServer()
        : base("postgres", "postgres")
    {
        string passwordFile = Path.Combine(Folder, "password");
        File.WriteAllText(passwordFile, Password);
        Run("chmod", "644", passwordFile);
        Run(AsAccount(
            $"{_programs}/initdb", "-A", "scram-sha-256", "-U", User, $"--pwfile={passwordFile}", "--no-sync",
            "--encoding=UTF8", "--locale=C", "-D", DataFolder));
    }

    protected override int StopSignal => Signals.Interrupt;

    protected override string[] ServerCommand =>
    [
        $"{_programs}/postgres", "-D", DataFolder, "-p", Port.ToString(CultureInfo.InvariantCulture),
        "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={DataFolder}", "-c", "fsync=off",
        "-c", "shared_buffers=16MB", "-c", "ssl=on", "-c", $"ssl_cert_file={CertificatePath}",
        "-c", $"ssl_key_file={KeyPath}",
    ];

    public override string Url(string database) =>
        $"postgres://{User}:{Password}@127.0.0.1:{Port}/{database}?sslmode=disable";

    public override async Task<DbConnection> ConnectAsync(string database, string? user = null)
    {
        NpgsqlConnection connection = new(
            $"Host=127.0.0.1;Port={Port};Username={user ?? User};Password={Password};Pooling=false;Timeout=5;"
                + $"Database={(database.Length == 0 ? "postgres" : database)}");
        await connection.OpenAsync();
        return connection;
    }
}

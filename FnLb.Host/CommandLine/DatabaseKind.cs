namespace FnLb.Host.CommandLine;

/// <summary>Which protocol a database server speaks.</summary>
internal enum DatabaseKind
{
    Postgres,

    /// <summary>MySQL and MariaDB.</summary>
    MySql,
}

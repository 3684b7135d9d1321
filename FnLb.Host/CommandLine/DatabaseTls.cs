namespace FnLb.Host.CommandLine;

/// <summary>How far the connection to a database server is protected.</summary>
internal enum DatabaseTls
{
    Off,

    /// <summary>Encrypted if the server can.</summary>
    Preferred,

    /// <summary>Encrypted, with whoever answers.</summary>
    Required,

    /// <summary>The server's certificate comes from a trusted authority.</summary>
    VerifiedAuthority,

    /// <summary>The server's certificate is also for the name it was called by.</summary>
    VerifiedName,
}

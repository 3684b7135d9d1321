using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;

namespace FnLb.Host.Admin;

/// <summary>TLS before the admin listener; the files are read again when one of them has changed.</summary>
/// <remarks>Not Kestrel's own, which wants the services of a web host.</remarks>
internal sealed class AdminTls
{
    private static readonly TimeSpan HandshakeMax = TimeSpan.FromSeconds(10);

    private readonly TlsFiles _files;
    private readonly FileLook _look;
    private readonly ILogger _logger;
    private readonly Lock _looking = new();
    private TlsIdentity _identity;

    private AdminTls(TlsFiles files, TlsIdentity identity, TimeProvider time, ILogger logger)
    {
        _files = files;
        _identity = identity;
        _look = new FileLook(files.Paths, time);
        _logger = logger;
    }

    /// <summary>Until when the certificate is good.</summary>
    public DateTimeOffset Expires => Current().Expires;

    /// <returns>Null, and what is wrong, when the files cannot be used.</returns>
    public static AdminTls? Open(TlsFiles files, TimeProvider time, ILogger logger, out string? error)
    {
        TlsIdentity? identity = TlsIdentity.Read(files, out error);
        return identity is null ? null : new AdminTls(files, identity, time, logger);
    }

    /// <summary>A step of Kestrel's connections: agrees on TLS, then lets the next step speak over it.</summary>
    public ConnectionDelegate Before(ConnectionDelegate next) => connection => SecureAsync(connection, next);

    private async Task SecureAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        IDuplexPipe plain = connection.Transport;
        await using SslStream stream = new(new DuplexStream(plain));
        try
        {
            using CancellationTokenSource limit = new(HandshakeMax);
            await stream.AuthenticateAsServerAsync(Current().Options, limit.Token);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException)
        {
            AdminLog.HandshakeFailed(_logger, connection.RemoteEndPoint, e.Message);
            connection.Abort();
            return;
        }

        SecuredTransport secured = new(stream);
        connection.Transport = secured;
        try
        {
            await next(connection);
        }
        finally
        {
            await secured.Input.CompleteAsync();
            await secured.Output.CompleteAsync();
            connection.Transport = plain;
        }
    }

    private TlsIdentity Current()
    {
        lock (_looking)
        {
            if (_look.FindsChange())
            {
                ReadAgain();
            }

            return _identity;
        }
    }

    /// <summary>Reads at once what is in force from here on. Any thread.</summary>
    public void ReadNow()
    {
        lock (_looking)
        {
            ReadAgain();
        }
    }

    private void ReadAgain()
    {
        if (TlsIdentity.Read(_files, out string? error) is { } identity)
        {
            _identity = identity;
            AdminLog.CertificateRead(_logger, _files.Certificate, identity.Expires);
        }
        else
        {
            AdminLog.CertificateUnreadable(_logger, _files.Certificate, error!);
        }
    }
}

using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using FnLb.Host.Lifecycle;
using Microsoft.AspNetCore.Connections;

namespace FnLb.Host.Admin;

/// <summary>TLS before the admin listener; the files are read again when one of them has changed.</summary>
/// <remarks>Not Kestrel's own, which wants the services of a web host.</remarks>
internal sealed class AdminTls
{
    private static readonly TimeSpan HandshakeMax = TimeSpan.FromSeconds(10);

    private readonly LiveFiles<TlsIdentity> _identity;
    private readonly ILogger _logger;

    /// <exception cref="StartException">The files cannot be used.</exception>
    public AdminTls(TlsFiles files, TimeProvider time, ILogger logger)
    {
        _identity = new LiveFiles<TlsIdentity>(files.Paths, texts => TlsIdentity.Parse(files, texts), time)
        {
            Taken = identity => AdminLog.CertificateRead(logger, files.Certificate, identity.Expires),
            Refused = error => AdminLog.CertificateUnreadable(logger, files.Certificate, error),
        };
        _logger = logger;
    }

    /// <summary>Until when the certificate is good.</summary>
    public DateTimeOffset Expires => _identity.Current().Expires;

    /// <summary>Takes over files that have changed, now.</summary>
    public void LookNow() => _identity.LookNow();

    /// <summary>A step of Kestrel's connections: agrees on TLS, then lets the next step speak over it.</summary>
    public ConnectionDelegate Before(ConnectionDelegate next) => connection => SecureAsync(connection, next);

    private async Task SecureAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        IDuplexPipe plain = connection.Transport;
        await using SslStream stream = new(new DuplexStream(plain));
        try
        {
            using CancellationTokenSource limit = new(HandshakeMax);
            await stream.AuthenticateAsServerAsync(_identity.Current().Options, limit.Token);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException)
        {
            AdminLog.HandshakeFailed(_logger, connection.RemoteEndPoint, e.Message);
            connection.Abort();
            return;
        }

        if (stream.RemoteCertificate is { } shown)
        {
            connection.Features.Set(new CallerCertificate(shown.Subject));
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
}

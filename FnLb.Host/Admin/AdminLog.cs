using System.Net;

namespace FnLb.Host.Admin;

/// <summary>What the admin API says to the operator; ids 2000 to 2099.</summary>
internal static partial class AdminLog
{
    [LoggerMessage(2000, LogLevel.Error, "{Method} /1/lb/nodes was answered {Status}: {Error}")]
    public static partial void StoreFailed(ILogger logger, string method, int status, string error);

    [LoggerMessage(2010, LogLevel.Information, "{Method} {Path} {Body} by {Caller}: {Outcome}")]
    public static partial void Changed(
        ILogger logger, string method, string path, string body, string caller, string outcome);

    [LoggerMessage(2011, LogLevel.Warning, "{Method} {Path} by {Caller} was refused: {Reason}")]
    public static partial void Refused(ILogger logger, string method, string path, string caller, string reason);

    [LoggerMessage(2012, LogLevel.Information, "The tokens in {Path} hold from here on")]
    public static partial void TokensRead(ILogger logger, string path);

    [LoggerMessage(2013, LogLevel.Error, "The tokens in {Path} cannot be used, those before hold on: {Error}")]
    public static partial void TokensUnreadable(ILogger logger, string path, string error);

    [LoggerMessage(2014, LogLevel.Warning,
        "{Reach} may read and change the node list, without a token. To close it set -admin-token-file or "
            + "-admin-tls-client-ca, or put -mgmt-listen on 127.0.0.1 or a unix socket")]
    public static partial void Open(ILogger logger, string reach);

    [LoggerMessage(2015, LogLevel.Information, "The certificate in {Path} holds from here on, until {Expires}")]
    public static partial void CertificateRead(ILogger logger, string path, DateTimeOffset expires);

    [LoggerMessage(2016, LogLevel.Error, "The certificate in {Path} cannot be used, the one before holds on: {Error}")]
    public static partial void CertificateUnreadable(ILogger logger, string path, string error);

    [LoggerMessage(2017, LogLevel.Debug, "No TLS with {Caller}: {Error}")]
    public static partial void HandshakeFailed(ILogger logger, EndPoint? caller, string error);
}

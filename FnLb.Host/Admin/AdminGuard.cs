using System.Net;
using System.Text;
using FnLb.Core.Nodes;
using FnLb.Host.Dashboard;

namespace FnLb.Host.Admin;

/// <summary>Stands before the admin API: who may call it, and a log line for each change.</summary>
/// <param name="tokens">Null lets everybody in who can connect.</param>
internal sealed class AdminGuard(RequestDelegate inner, AdminTokenFile? tokens, TimeProvider time, ILogger logger)
{
    private const string Challenge = "Bearer realm=\"fnlb\"";
    private const string PasswordChallenge = Challenge + ", Basic realm=\"fnlb\", charset=\"UTF-8\"";

    private readonly FailureLimit _failures = new(time);

    public async Task HandleAsync(HttpContext context)
    {
        if (RequestOrigin.IsForeignHost(context))
        {
            await AdminAnswer.SayAsync(
                context, StatusCodes.Status403Forbidden, "the Host field is not a name of this machine");
            return;
        }

        if (RequestOrigin.IsForeignChange(context))
        {
            await AdminAnswer.SayAsync(
                context, StatusCodes.Status403Forbidden, "a page of another site may not change anything here");
            return;
        }

        // Whether the process lives is no secret, nor are the dashboard's files, and who asks for them holds no token.
        string? path = context.Request.Path.Value;
        bool isOpen = tokens is null || path is "/livez" or "/readyz" || DashboardPage.Handles(path);
        if (!isOpen && !await AdmitAsync(context))
        {
            return;
        }

        if (RequestOrigin.IsRead(context.Request))
        {
            await inner(context);
            return;
        }

        try
        {
            await LogChangeAsync(context);
        }
        catch (BadHttpRequestException e)
        {
            await AdminAnswer.RefuseBodyAsync(context, e);
        }
    }

    private async Task LogChangeAsync(HttpContext context)
    {
        string body = await KeepBodyAsync(context.Request);
        await inner(context);
        AdminLog.Changed(
            logger, context.Request.Method, Shown.Text(context.Request.Path + context.Request.QueryString.Value),
            Shown.Text(body), Caller(context), context.Response.StatusCode);
    }

    private async Task<bool> AdmitAsync(HttpContext context)
    {
        IPAddress address = AddressOf(context);
        if (_failures.IsExceeded(address))
        {
            context.Response.Headers.RetryAfter = "60";
            await AdminAnswer.SayAsync(
                context, StatusCodes.Status429TooManyRequests, "too many wrong tokens came from this address");
            return false;
        }

        string? token = TokenOf(context.Request.Headers.Authorization.ToString());
        AdminRight right = token is null ? AdminRight.None : tokens!.Current().RightOf(token);
        AdminRight needed = RequestOrigin.IsRead(context.Request) ? AdminRight.Read : AdminRight.Write;
        if (right >= needed)
        {
            return true;
        }

        if (right == AdminRight.None)
        {
            if (token is not null)
            {
                _failures.Count(address);
                AdminLog.Refused(logger, context.Request.Method, Shown.Text(context.Request.Path), Caller(context));
            }

            // The dashboard asks for the token itself: its browser is not to ask for a password too.
            bool isScript = context.Request.Headers.XRequestedWith == "XMLHttpRequest";
            context.Response.Headers.WWWAuthenticate = isScript ? Challenge : PasswordChallenge;
            await AdminAnswer.SayAsync(
                context, StatusCodes.Status401Unauthorized, "a token is needed: Authorization: Bearer TOKEN");
            return false;
        }

        await AdminAnswer.SayAsync(context, StatusCodes.Status403Forbidden, "this token may read, but change nothing");
        return false;
    }

    // A browser asks its user for a name and a password: the password is the token.
    private static string? TokenOf(string authorization)
    {
        const string bearer = "Bearer ";
        const string basic = "Basic ";
        if (authorization.StartsWith(bearer, StringComparison.OrdinalIgnoreCase))
        {
            return authorization[bearer.Length..].Trim();
        }

        Span<byte> decoded = new byte[authorization.Length];
        bool isBasic = authorization.StartsWith(basic, StringComparison.OrdinalIgnoreCase)
            & Convert.TryFromBase64String(
                authorization.Length > basic.Length ? authorization[basic.Length..] : "", decoded, out int bytes);
        string pair = Encoding.UTF8.GetString(decoded[..bytes]);
        return isBasic ? pair[(pair.IndexOf(':') + 1)..] : null;
    }

    // Among the traffic the caller is whom the data plane has named last.
    private static IPAddress AddressOf(HttpContext context)
    {
        string forwarded = context.Request.Headers["X-Forwarded-For"].ToString();
        return context.Connection.RemoteIpAddress
            ?? (IPAddress.TryParse(forwarded[(forwarded.LastIndexOf(',') + 1)..].Trim(), out IPAddress? named)
                ? named
                : IPAddress.None);
    }

    private static string Caller(HttpContext context)
    {
        string address = context.Connection.RemoteIpAddress?.ToString() ?? "a local socket";
        string forwarded = context.Request.Headers["X-Forwarded-For"].ToString();
        return forwarded.Length == 0 ? address : $"{address} for {Shown.Text(forwarded)}";
    }

    private static async Task<string> KeepBodyAsync(HttpRequest request)
    {
        MemoryStream kept = new();
        await request.Body.CopyToAsync(kept, request.HttpContext.RequestAborted);
        kept.Position = 0;
        request.Body = kept;
        return Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
    }
}

using System.Globalization;
using System.Text;
using FnLb.Core.Nodes;
using FnLb.Host.Dashboard;

namespace FnLb.Host.Admin;

/// <summary>Stands before the admin API: who may call it, and a log line for each change and each refusal.</summary>
/// <param name="tokens">Null lets everybody in who can connect.</param>
/// <param name="isRelayed">Requests come through the data plane; see <see cref="RequestSource"/>.</param>
internal sealed class AdminGuard(
    RequestDelegate inner, LiveFiles<AdminTokens>? tokens, bool isRelayed, TimeProvider time, ILogger logger)
{
    private readonly FailureLimit _failures = new(time);

    public async Task HandleAsync(HttpContext context)
    {
        var source = RequestSource.Of(context, isRelayed);
        if (RequestOrigin.IsForeignHost(context.Request, source))
        {
            await ForbidAsync(context, source.Text, "the Host field is not a name of this machine");
            return;
        }

        if (RequestOrigin.IsForeignChange(context.Request))
        {
            await ForbidAsync(context, source.Text, "a page of another site may not change anything here");
            return;
        }

        // Whether the process lives is no secret, nor are the dashboard's files, and who asks for them holds no token.
        string? path = context.Request.Path.Value;
        bool isRead = RequestOrigin.IsRead(context.Request);
        bool isPublic = path is "/livez" or "/readyz" || DashboardPage.Handles(path);
        bool isOpen = tokens is null || (isPublic && isRead);
        string? caller = isOpen ? source.Text : await AdmitAsync(context, source);
        if (caller is null)
        {
            return;
        }

        if (isRead)
        {
            await inner(context);
            return;
        }

        try
        {
            await LogChangeAsync(context, caller);
        }
        catch (BadHttpRequestException e)
        {
            await AdminAnswer.RefuseBodyAsync(context, e);
        }
    }

    private async Task LogChangeAsync(HttpContext context, string caller)
    {
        string body = await KeepBodyAsync(context.Request);
        try
        {
            await inner(context);
        }
        finally
        {
            // A caller that has left keeps its answer from being written, not the change from being made.
            string outcome = context.Response.ContentLength is null
                ? "unknown, since the caller left before the answer"
                : context.Response.StatusCode.ToString(CultureInfo.InvariantCulture);
            AdminLog.Changed(
                logger, context.Request.Method, Shown.Text(context.Request.Path + context.Request.QueryString.Value),
                Shown.Text(body), caller, outcome);
        }
    }

    /// <returns>For the log, who it is; null when the request was refused, and is answered.</returns>
    private async Task<string?> AdmitAsync(HttpContext context, RequestSource source)
    {
        string? token = AdminCredentials.TokenOf(context.Request.Headers.Authorization.ToString());
        string name = "";
        AdminRight right = token is null ? AdminRight.None : tokens!.Current().RightOf(token, out name);
        string caller = name.Length == 0 ? source.Text : $"{source.Text} with the token of {name}";
        bool isRead = RequestOrigin.IsRead(context.Request);
        if (right >= (isRead ? AdminRight.Read : AdminRight.Write))
        {
            return caller;
        }

        if (right == AdminRight.Read)
        {
            await ForbidAsync(context, caller, "this token may read, but change nothing");
            return null;
        }

        // A right token is taken before this is asked: nobody can lock others out who come from the same address.
        if (_failures.IsExceeded(source.Address))
        {
            context.Response.Headers.RetryAfter = "60";
            await AdminAnswer.SayAsync(
                context, StatusCodes.Status429TooManyRequests, "too many wrong tokens came from this address");
            return null;
        }

        // A browser reads without a token first, and is asked for it.
        if (token is not null || !isRead)
        {
            _failures.Count(source.Address);
            LogRefusal(context, caller, token is null ? "there was no token" : "the token is wrong");
        }

        context.Response.Headers.WWWAuthenticate = AdminCredentials.ChallengeFor(context.Request);
        await AdminAnswer.SayAsync(
            context, StatusCodes.Status401Unauthorized, "a token is needed: Authorization: Bearer TOKEN");
        return null;
    }

    private Task ForbidAsync(HttpContext context, string caller, string reason)
    {
        LogRefusal(context, caller, reason);
        return AdminAnswer.SayAsync(context, StatusCodes.Status403Forbidden, reason);
    }

    private void LogRefusal(HttpContext context, string caller, string reason) =>
        AdminLog.Refused(logger, context.Request.Method, Shown.Text(context.Request.Path), caller, reason);

    private static async Task<string> KeepBodyAsync(HttpRequest request)
    {
        MemoryStream kept = new();
        await request.Body.CopyToAsync(kept, request.HttpContext.RequestAborted);
        kept.Position = 0;
        request.Body = kept;
        return Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
    }
}

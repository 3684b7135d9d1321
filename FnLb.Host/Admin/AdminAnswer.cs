using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace FnLb.Host.Admin;

/// <summary>How every call of the admin API is answered.</summary>
internal static class AdminAnswer
{
    /// <summary>Answers <c>{"msg":"…"}</c>.</summary>
    public static Task SayAsync(HttpContext context, int status, string message) =>
        SendAsync(context, status, new MessageAnswer(message), AdminJson.Bodies.MessageAnswer);

    /// <inheritdoc cref="SayAsync"/>
    public static Task RefuseAsync(HttpContext context, string message) =>
        SayAsync(context, StatusCodes.Status400BadRequest, message);

    /// <summary>For a body that Kestrel did not take.</summary>
    public static Task RefuseBodyAsync(HttpContext context, BadHttpRequestException e) => SayAsync(
        context, e.StatusCode, e.StatusCode == StatusCodes.Status413PayloadTooLarge
            ? $"the body is longer than {AdminServer.BodyBytesMax / 1024} KB"
            : e.Message);

    /// <param name="allowed">For the Allow field: <c>GET, HEAD</c>.</param>
    public static Task RefuseMethodAsync(HttpContext context, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        return SayAsync(
            context, StatusCodes.Status405MethodNotAllowed, $"{context.Request.Path} takes only {allowed}");
    }

    public static Task SendAsync<T>(HttpContext context, int status, T answer, JsonTypeInfo<T> type)
    {
        // Go's encoder ends each document with a line feed.
        byte[] body = [.. JsonSerializer.SerializeToUtf8Bytes(answer, type), (byte)'\n'];
        return SendAsync(context, status, body, "application/json");
    }

    public static async Task SendAsync(HttpContext context, int status, byte[] body, string contentType)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}

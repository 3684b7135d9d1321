using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using FnLb.Host.Admin;

namespace FnLb.Host.Dashboard;

/// <summary>The page that shows an operator what happens: files that are part of the executable.</summary>
/// <remarks>
/// The page itself is no secret and is sent to everybody; what it shows, and what it changes, comes from the admin API
/// under the API's own rules.
/// </remarks>
internal sealed class DashboardPage
{
    private const string Root = "/1/lb/dash";
    private const string Resources = "dash/";

    // Nothing from elsewhere, nothing inline, in nobody's frame: an injected name of a function can do nothing.
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly Lazy<FrozenDictionary<string, DashboardFile>> _files = new(ReadFiles);

    public static bool Handles(string? path) =>
        path == Root || (path is not null && path.StartsWith(Root + "/", StringComparison.Ordinal));

    public async Task HandleAsync(HttpContext context)
    {
        if (context.Request.Method is not ("GET" or "HEAD"))
        {
            await AdminAnswer.RefuseMethodAsync(context, "GET, HEAD");
            return;
        }

        string path = context.Request.Path.Value!;
        if (path == Root + "/")
        {
            // The page names its files relative to its own path.
            context.Response.Redirect("../dash", permanent: false);
            return;
        }

        string name = path == Root ? "index.html" : path[(Root.Length + 1)..];
        if (!_files.Value.TryGetValue(name, out DashboardFile? file))
        {
            await AdminAnswer.SayAsync(context, StatusCodes.Status404NotFound, $"the dashboard has no file \"{name}\"");
            return;
        }

        await SendAsync(context, file);
    }

    private static async Task SendAsync(HttpContext context, DashboardFile file)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache";
        headers.ETag = file.Tag;
        if (context.Request.Headers.IfNoneMatch == file.Tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await AdminAnswer.SendAsync(context, StatusCodes.Status200OK, file.Content, file.ContentType);
    }

    private static FrozenDictionary<string, DashboardFile> ReadFiles()
    {
        Assembly assembly = typeof(DashboardPage).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Resources, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[Resources.Length..], name => Read(assembly, name));
    }

    private static DashboardFile Read(Assembly assembly, string name)
    {
        using Stream stream = assembly.GetManifestResourceStream(name)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        string digest = Convert.ToHexStringLower(SHA256.HashData(content)[..8]);
        return new DashboardFile(content, TypeOf(name), $"\"{digest}\"");
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    };
}

using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace FnLb.Host.Admin;

/// <summary>Gives each of Kestrel's requests to one delegate.</summary>
internal sealed class AdminApplication(RequestDelegate handle) : IHttpApplication<HttpContext>
{
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public Task ProcessRequestAsync(HttpContext context) => handle(context);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // Nothing belongs to a context beyond its features, which are Kestrel's.
    }
}

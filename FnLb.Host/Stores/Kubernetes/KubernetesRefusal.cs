using System.Net;

namespace FnLb.Host.Stores.Kubernetes;

/// <summary>The Kubernetes API answered, but not with what was asked for.</summary>
internal sealed class KubernetesRefusal(HttpStatusCode status, string message) : Exception(message)
{
    public HttpStatusCode Status => status;
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FnLb.Core.Nodes;
using FnLb.Host.CommandLine;

namespace FnLb.Host.Stores.Kubernetes;

/// <summary>Where the Kubernetes API is, whom to trust there, and who this program is to it.</summary>
internal sealed record KubernetesAccess
{
    private const string AccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    public required Uri Server { get; init; }

    /// <summary>The namespace that is meant when none is named.</summary>
    public required string Namespace { get; init; }

    /// <summary>Null trusts those of the system.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>Trusts whoever answers.</summary>
    public bool SkipsVerification { get; init; }

    /// <summary>The name that the server's certificate is for; empty for that of the URL.</summary>
    public string TlsServerName { get; init; } = "";

    public string Token { get; init; } = "";

    /// <summary>A file with the token, which is replaced from time to time; empty for none.</summary>
    public string TokenPath { get; init; } = "";

    public X509Certificate2? ClientCertificate { get; init; }

    /// <exception cref="NodeStoreException">Something is missing; the message says what to give.</exception>
    public static KubernetesAccess From(KubernetesOptions options)
    {
        try
        {
            return options.KubeconfigPath.Length > 0 ? Kubeconfig.Read(options.KubeconfigPath) : OfThisPod();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException
            or CryptographicException)
        {
            throw new NodeStoreException($"-db k8s: {e.Message}", e);
        }
    }

    private static KubernetesAccess OfThisPod()
    {
        string? host = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST");
        string? port = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT");
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port))
        {
            throw new NodeStoreException(
                "-db k8s: this is no pod (KUBERNETES_SERVICE_HOST is not set): give --kubeconfig PATH");
        }

        X509Certificate2Collection authorities = [];
        authorities.ImportFromPemFile($"{AccountFolder}/ca.crt");
        return new KubernetesAccess
        {
            Server = new Uri($"https://{(host.Contains(':') ? $"[{host}]" : host)}:{port}"),
            Namespace = File.ReadAllText($"{AccountFolder}/namespace").Trim(),
            Authorities = authorities,
            TokenPath = $"{AccountFolder}/token",
        };
    }
}

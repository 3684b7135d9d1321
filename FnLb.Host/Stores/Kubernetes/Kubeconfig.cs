using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace FnLb.Host.Stores.Kubernetes;

/// <summary>Reads the file that kubectl uses: the cluster, the user and the namespace of its current context.</summary>
internal static class Kubeconfig
{
    /// <exception cref="IOException"/>
    /// <exception cref="FormatException">The message says what is missing or not supported; no secrets.</exception>
    public static KubernetesAccess Read(string path)
    {
        try
        {
            return Read(YamlReader.Parse(File.ReadAllText(path)), Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (FormatException e)
        {
            throw new FormatException($"{path}: {e.Message}", e);
        }
    }

    private static KubernetesAccess Read(YamlNode config, string folder)
    {
        string current = config["current-context"].Text;
        YamlNode context = Named(config["contexts"], current, "context");
        YamlNode cluster = Named(config["clusters"], context["cluster"].Text, "cluster");
        YamlNode user = Named(config["users"], context["user"].Text, "user");
        if (!Uri.TryCreate(cluster["server"].Text, UriKind.Absolute, out Uri? server)
            || (server.Scheme != "https" && server.Scheme != "http"))
        {
            throw new FormatException("the cluster has no server that is a URL");
        }

        if (!user["exec"].IsEmpty || !user["auth-provider"].IsEmpty)
        {
            throw new FormatException(
                "the user logs in with a program (exec): give it a token or a client certificate instead");
        }

        string authorities = Pem(cluster, "certificate-authority", folder);
        string certificate = Pem(user, "client-certificate", folder);
        return new KubernetesAccess
        {
            Server = server,
            Namespace = context["namespace"].Text is { Length: > 0 } given ? given : "default",
            Authorities = authorities.Length == 0 ? null : Certificates(authorities),
            SkipsVerification = cluster["insecure-skip-tls-verify"].Text == "true",
            TlsServerName = cluster["tls-server-name"].Text,
            Token = user["token"].Text,
            TokenPath = user["tokenFile"].Text is { Length: > 0 } file ? Path.Combine(folder, file) : "",
            ClientCertificate = certificate.Length == 0
                ? null
                : X509Certificate2.CreateFromPem(certificate, Pem(user, "client-key", folder)),
        };
    }

    private static YamlNode Named(YamlNode list, string name, string kind)
    {
        YamlNode? found = list.Items.FirstOrDefault(item => item["name"].Text == name);
        return found is null ? throw new FormatException($"there is no {kind} \"{name}\"") : found[kind];
    }

    // In the file itself, in base64, or in a file beside it.
    private static string Pem(YamlNode node, string name, string folder) =>
        node[$"{name}-data"].Text is { Length: > 0 } data ? Encoding.ASCII.GetString(Convert.FromBase64String(data))
            : node[name].Text is { Length: > 0 } file ? File.ReadAllText(Path.Combine(folder, file))
            : "";

    private static X509Certificate2Collection Certificates(string pem)
    {
        X509Certificate2Collection certificates = [];
        certificates.ImportFromPem(pem);
        return certificates;
    }
}

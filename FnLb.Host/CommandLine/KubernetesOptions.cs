namespace FnLb.Host.CommandLine;

/// <summary>Which pods are nodes, and how to ask for them.</summary>
internal sealed record KubernetesOptions
{
    /// <summary>Empty for that of this pod, or of the kubeconfig.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>As kubectl takes it; empty for every pod of the namespace.</summary>
    public string LabelSelector { get; init; } = "";

    public int TargetPort { get; init; } = 8080;

    /// <summary>Takes the endpoints of a service instead of pods; empty for pods.</summary>
    public string Service { get; init; } = "";

    /// <summary>Empty for what Kubernetes gives to each pod.</summary>
    public string KubeconfigPath { get; init; } = "";
}

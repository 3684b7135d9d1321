namespace FnLb.Host.CommandLine;

/// <summary>The node list is what the Kubernetes API tells of pods; further options say which.</summary>
internal sealed record KubernetesLocation : StoreLocation
{
    public override bool IsRemote => true;

    protected override string Shown => "k8s";
}

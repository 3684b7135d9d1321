using System.Globalization;
using System.Text.Json;
using FnLb.Core.Nodes;
using FnLb.Host.CommandLine;

namespace FnLb.Host.Stores.Kubernetes;

/// <summary>What is asked for, pods or the slices of a service's endpoints, and which nodes it stands for.</summary>
internal sealed class KubernetesResource
{
    private const string SlicesVersion = "v1";
    private const string OlderSlicesVersion = "v1beta1";

    private readonly KubernetesOptions _options;
    private string _slicesVersion = SlicesVersion;

    public KubernetesResource(KubernetesOptions options, string ownNamespace)
    {
        _options = options;
        Namespace = options.Namespace.Length > 0 ? options.Namespace : ownNamespace;
        Kind = IsService ? "endpointslices" : "pods";
        string selector = IsService ? $"kubernetes.io/service-name={options.Service}" : options.LabelSelector;
        Query = selector.Length > 0 ? $"labelSelector={Uri.EscapeDataString(selector)}&" : "";
    }

    public string Namespace { get; }

    /// <summary>As rules of access name it.</summary>
    public string Kind { get; }

    public string Path => IsService
        ? $"/apis/discovery.k8s.io/{_slicesVersion}/namespaces/{Uri.EscapeDataString(Namespace)}/endpointslices"
        : $"/api/v1/namespaces/{Uri.EscapeDataString(Namespace)}/pods";

    /// <summary>Selects the objects; empty, or ends with an ampersand.</summary>
    public string Query { get; }

    private bool IsService => _options.Service.Length > 0;

    public static string NameOf(JsonElement item) => Text(Member(Member(item, "metadata"), "name"));

    public static string VersionOf(JsonElement item) => Text(Member(Member(item, "metadata"), "resourceVersion"));

    /// <summary>What the API says of a failure: who may not do what, with names that may be long.</summary>
    public static string MessageOf(JsonElement status)
    {
        const int charsMax = 400;
        return Shown.Text(Text(Member(status, "message")).Replace('"', '\''), charsMax);
    }

    /// <summary>
    /// What was asked for is not there: slices had another version before Kubernetes 1.21, with the same members as far
    /// as they are read here. After that one it is the present version's turn again.
    /// </summary>
    /// <returns>Whether it is the older version's turn.</returns>
    public bool TryOlderPath()
    {
        _slicesVersion = IsService && _slicesVersion == SlicesVersion ? OlderSlicesVersion : SlicesVersion;
        return _slicesVersion == OlderSlicesVersion;
    }

    /// <summary>The objects of a list; one without any may have null there.</summary>
    /// <exception cref="JsonException">It is no list: to take it for an empty one would remove every node.</exception>
    public static IEnumerable<JsonElement> ItemsOf(JsonElement list)
    {
        JsonElement items = Member(list, "items");
        return items.ValueKind is JsonValueKind.Array or JsonValueKind.Null && VersionOf(list).Length > 0
            ? Elements(items)
            : throw new JsonException("it is no list with items and a resourceVersion");
    }

    /// <summary>The nodes of one object.</summary>
    /// <exception cref="NodeStoreException">It does not say at which port they are.</exception>
    public KubernetesNodes NodesOf(JsonElement item) => IsService
        ? new KubernetesNodes(NodesOfSlice(item), Text(Member(item, "addressType")))
        : new KubernetesNodes(NodesOfPod(item), "");

    /// <summary>A member of an object; undefined when there is none, or no object.</summary>
    public static JsonElement Member(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out JsonElement value) ? value : default;

    public static string Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private NodeEntry[] NodesOfPod(JsonElement pod)
    {
        JsonElement status = Member(pod, "status");
        bool isTerminating = Text(Member(Member(pod, "metadata"), "deletionTimestamp")).Length > 0;
        bool isReady = Elements(Member(status, "conditions")).Any(condition =>
            Text(Member(condition, "type")) == "Ready" && Text(Member(condition, "status")) == "True");
        return Text(Member(status, "phase")) == "Running" && (isReady || isTerminating)
            ? Node(Text(Member(status, "podIP")), _options.TargetPort, isTerminating)
            : [];
    }

    private List<NodeEntry> NodesOfSlice(JsonElement slice)
    {
        List<NodeEntry> nodes = [];
        foreach (JsonElement endpoint in Elements(Member(slice, "endpoints")))
        {
            int port = PortOf(slice);

            // Conditions that are not there mean ready and serving, as the API defines it.
            JsonElement conditions = Member(endpoint, "conditions");
            bool isTerminating = Member(conditions, "terminating").ValueKind == JsonValueKind.True;
            bool isReady = Member(conditions, "ready").ValueKind != JsonValueKind.False;
            bool isServing = Member(conditions, "serving").ValueKind != JsonValueKind.False;
            if (isTerminating ? isServing : isReady)
            {
                // Further addresses have no meaning, as the API defines it.
                nodes.AddRange(Elements(Member(endpoint, "addresses")).Take(1)
                    .SelectMany(address => Node(Text(address), port, isTerminating)));
            }
        }

        return nodes;
    }

    // A service without ports leaves them out, and one that means all ports has one without a number.
    private int PortOf(JsonElement slice)
    {
        int[] ports =
        [
            .. Elements(Member(slice, "ports")).Select(port => Number(Member(port, "port"))).Where(port => port > 0),
        ];
        return ports switch
        {
            [] => _options.TargetPort,
            [int only] => only,
            _ when ports.Contains(_options.TargetPort) => _options.TargetPort,
            _ => throw new NodeStoreException(
                $"has the service {_options.Service} with the ports {string.Join(", ", ports)}, none of which is "
                    + $"-target-port, {_options.TargetPort}"),
        };
    }

    private static NodeEntry[] Node(string ip, int port, bool isTerminating)
    {
        string host = ip.Contains(':') ? $"[{ip}]" : ip;
        string text = string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");
        return NodeAddress.TryParse(text, out NodeAddress address, out _)
            ? [new NodeEntry(address)
            {
                State = isTerminating ? AdministrativeState.Draining : AdministrativeState.Active,
            }]
            : [];
    }

    private static JsonElement.ArrayEnumerator Elements(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default;

    private static int Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : 0;
}

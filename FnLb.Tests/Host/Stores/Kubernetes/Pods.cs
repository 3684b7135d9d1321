namespace FnLb.Tests.Host.Stores.Kubernetes;

/// <summary>Objects of the Kubernetes API as far as they are looked at.</summary>
internal static class Pods
{
    public static string Pod(
        string name, string ip, string phase = "Running", bool isReady = true, bool isTerminating = false)
    {
        string deletion = isTerminating ? "\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"," : "";
        return $$$"""
            {"metadata":{"name":"{{{name}}}",{{{deletion}}}"resourceVersion":"VERSION"},
            "status":{"phase":"{{{phase}}}","podIP":"{{{ip}}}","conditions":[{"type":"PodScheduled","status":"True"},
            {"type":"Ready","status":"{{{isReady}}}"}]}}
            """.ReplaceLineEndings("");
    }

    /// <param name="endpoints">Each as an address and its conditions: <c>10.0.0.1 "ready":true</c>.</param>
    public static string Slice(string name, int[] ports, params string[] endpoints)
    {
        string portList = string.Join(',', ports.Select(port => $$"""{"port":{{port}}}"""));
        string endpointList = string.Join(',', endpoints.Select(endpoint => endpoint.Split(' ')).Select(parts =>
            $$$"""{"addresses":["{{{parts[0]}}}"],"conditions":{{{{parts[1]}}}}}"""));
        return $$$"""
            {"metadata":{"name":"{{{name}}}","resourceVersion":"VERSION"},"ports":[{{{portList}}}],
            "endpoints":[{{{endpointList}}}]}
            """.ReplaceLineEndings("");
    }
}

using System.Net;
using System.Text;
using System.Text.Json;

namespace FnLb.Tests.Harness;

/// <summary>Calls the node API as an operator's curl would.</summary>
internal sealed class AdminClient(int port) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = new Uri($"http://127.0.0.1:{port}"),
        Timeout = TimeSpan.FromSeconds(10),
    };

    /// <summary>Address to state, as the API tells it.</summary>
    public async Task<IReadOnlyDictionary<string, string>> NodesAsync()
    {
        using JsonDocument document = JsonDocument.Parse(await _http.GetStringAsync("/1/lb/nodes"));
        return document.RootElement.GetProperty("nodes").EnumerateObject()
            .ToDictionary(node => node.Name, node => node.Value.GetString()!);
    }

    public Task<(HttpStatusCode Status, string Body)> AddAsync(string node) =>
        SendAsync(HttpMethod.Put, "/1/lb/nodes", $$"""{"node":"{{node}}"}""");

    public Task<(HttpStatusCode Status, string Body)> RemoveAsync(string node) =>
        SendAsync(HttpMethod.Delete, "/1/lb/nodes", $$"""{"node":"{{node}}"}""");

    /// <param name="body">Sent with the content type that curl gives to -d; null for none.</param>
    public async Task<(HttpStatusCode Status, string Body)> SendAsync(
        HttpMethod method, string path, string? body = null)
    {
        using HttpRequestMessage request = new(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded");
        }

        using HttpResponseMessage response = await _http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public Task WaitForStateAsync(string node, string state, TimeSpan? deadline = null) => Eventually.HoldsAsync(
        async () => (await NodesAsync()).TryGetValue(node, out string? now) && now == state,
        $"{node} is {state}",
        deadline);

    public void Dispose() => _http.Dispose();
}

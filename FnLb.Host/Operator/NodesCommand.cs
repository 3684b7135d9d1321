using System.Globalization;
using System.Text;
using System.Text.Json;

namespace FnLb.Host.Operator;

/// <summary><c>fnlb nodes</c>: the node list and its changes, for those who do not want curl.</summary>
internal static class NodesCommand
{
    private const string Nodes = "/1/lb/nodes";
    private const string Forms = "list, add NODE..., remove NODE... [-drain 30s], drain NODE... or activate NODE...";

    /// <returns>0; 1 when the balancer refused or does not answer; 2 for wrong arguments.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        Func<string, string?> variable = Environment.GetEnvironmentVariable;
        if (!AdminOptions.TryParse(arguments, variable, out AdminOptions? options, out string? error))
        {
            await Console.Error.WriteLineAsync($"fnlb: {error}");
            return 2;
        }

        string verb = options.Words is [string first, ..] ? first : "list";
        string[] nodes = [.. options.Words.Skip(1)];
        bool isChange = verb is "add" or "remove" or "drain" or "activate";
        if (isChange != nodes.Length > 0 || !(isChange || verb == "list"))
        {
            await Console.Error.WriteLineAsync($"fnlb: nodes {string.Join(' ', options.Words)}: must be {Forms}");
            return 2;
        }

        using AdminCaller caller = new(options);
        try
        {
            return verb == "list" ? await ListAsync(caller) : await ChangeAsync(caller, verb, nodes, options.Drain);
        }
        catch (HttpRequestException e)
        {
            await Console.Error.WriteLineAsync($"fnlb: {options.Address} does not answer: {e.Message}");
            return 1;
        }
    }

    private static async Task<int> ListAsync(AdminCaller caller)
    {
        (int status, byte[] body) =
            await caller.CallAsync(HttpMethod.Get, Nodes + "?verbose=true", body: null, CancellationToken.None);
        if (status != 200)
        {
            return await RefusedAsync(body);
        }

        using JsonDocument document = JsonDocument.Parse(body);
        StringBuilder text = new();
        foreach (JsonProperty node in document.RootElement.GetProperty("nodes").EnumerateObject())
        {
            string state = node.Value.GetProperty("state").GetString()!;
            string asked = node.Value.GetProperty("administrative").GetString()!;
            int calls = node.Value.GetProperty("inFlight").GetInt32();
            string why = node.Value.TryGetProperty("why", out JsonElement said) ? said.GetString() ?? "" : "";
            string line = string.Create(
                CultureInfo.InvariantCulture, $"{node.Name,-24} {state,-8} {asked,-9} {calls,5} calls  {why}");
            text.Append(line.TrimEnd()).Append('\n');
        }

        await Console.Out.WriteAsync(text.ToString());
        return 0;
    }

    private static async Task<int> ChangeAsync(AdminCaller caller, string verb, string[] nodes, string drain)
    {
        HttpMethod method = verb == "remove" ? HttpMethod.Delete : HttpMethod.Put;
        string query = verb == "remove" && drain.Length > 0 ? $"?drain={Uri.EscapeDataString(drain)}" : "";
        string? state = verb switch { "drain" => "draining", "activate" => "active", _ => null };
        int exitCode = 0;
        foreach (string node in nodes)
        {
            (int status, byte[] body) =
                await caller.CallAsync(method, Nodes + query, Body(node, state), CancellationToken.None);
            if (status == 200)
            {
                await Console.Out.WriteLineAsync($"{node}: {Message(body)}");
            }
            else
            {
                exitCode = await RefusedAsync(body, node + ": ");
            }
        }

        return exitCode;
    }

    private static byte[] Body(string node, string? state)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
        {
            writer.WriteStartObject();
            writer.WriteString("node", node);
            if (state is not null)
            {
                writer.WriteString("state", state);
            }

            writer.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static async Task<int> RefusedAsync(byte[] body, string prefix = "")
    {
        await Console.Error.WriteLineAsync($"fnlb: {prefix}{Message(body)}");
        return 1;
    }

    private static string Message(byte[] body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement.GetProperty("msg").GetString() ?? "";
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "the answer is none of the node API";
        }
    }
}

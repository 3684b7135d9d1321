using System.Diagnostics;
using System.Net;
using System.Text.Json;
using FnLb.Benchmarks.Simulation;
using Trace = FnLb.Benchmarks.Simulation.Trace;

namespace FnLb.Benchmarks.FunctionCluster;

/// <summary>
/// Sends the calls of a trace when they are due, whether earlier ones have ended or not, and notes how each went.
/// </summary>
internal sealed class LiveLoad : IDisposable
{
    private static readonly byte[] PostBody = "{}"u8.ToArray();
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(40);

    private readonly Scenario _scenario;
    private readonly Trace _trace;
    private readonly IReadOnlyList<Uri> _urls;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = CallTimeout };
    private readonly Dictionary<string, int> _nodes = [];
    private readonly CallRecord[] _records;
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <param name="urls">One for each balancer of the scenario.</param>
    /// <param name="nodes">Addresses, as nodes name themselves.</param>
    public LiveLoad(Scenario scenario, Trace trace, IReadOnlyList<Uri> urls, IReadOnlyList<string> nodes)
    {
        _scenario = scenario;
        _trace = trace;
        _urls = urls;
        _records = new CallRecord[trace.Calls.Count];
        for (int index = 0; index < nodes.Count; index++)
        {
            _nodes.Add(nodes[index], index);
        }
    }

    /// <summary>Since the first call could have been due.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    /// <summary>Sends all calls and waits for their answers.</summary>
    /// <returns>Those that were due after the warm-up.</returns>
    public async Task<IReadOnlyList<CallRecord>> RunAsync()
    {
        Task[] calls = new Task[_trace.Calls.Count];
        for (int index = 0; index < calls.Length; index++)
        {
            TimeSpan gap = TimeSpan.FromMicroseconds(_trace.Calls[index].AtMicroseconds) - Elapsed;
            if (gap > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(gap);
            }

            calls[index] = CallAsync(index);
        }

        await Task.WhenAll(calls);
        return [.. _records.Where(record => record.AtSeconds >= _scenario.WarmUpSeconds)];
    }

    public void Dispose() => _http.Dispose();

    // Nodes that are none of ours do not say how long a call ran: its whole time counts.
    private static (double RanMilliseconds, string Node) Read(byte[] body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("run_ms", out JsonElement ran)
                && document.RootElement.TryGetProperty("node", out JsonElement node)
                    ? (ran.GetDouble(), node.GetString() ?? "")
                    : (0, "");
        }
        catch (JsonException)
        {
            return (0, "");
        }
    }

    // Spread over the calls, the same for every peer.
    private bool IsPost(int index) =>
        (int)((index + 1) * _scenario.PostShare) > (int)(index * _scenario.PostShare);

    // What a call took beyond its run it waited: for the load balancer, in a queue or for a container.
    private async Task CallAsync(int index)
    {
        TracedCall call = _trace.Calls[index];
        SimulatedFunction function = _trace.Functions[call.Function];
        long sent = Stopwatch.GetTimestamp();
        int node = -1;
        double wait = double.NaN;
        try
        {
            Uri url = new(_urls[call.Balancer % _urls.Count], function.Path);
            using HttpRequestMessage request = new(IsPost(index) ? HttpMethod.Post : HttpMethod.Get, url);
            request.Content = IsPost(index) ? new ByteArrayContent(PostBody) : null;
            using HttpResponseMessage answer = await _http.SendAsync(request);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                double took = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
                (double ran, string name) = Read(await answer.Content.ReadAsByteArrayAsync());
                wait = double.Max(took - ran, 0);
                node = _nodes.GetValueOrDefault(name, -1);
            }
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // Noted as failed below.
        }

        _records[index] = new CallRecord(call.AtMicroseconds / 1e6, call.Function, node, wait);
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;
using FnLb.Tests.Harness;

namespace FnLb.Tests.Conformance;

/// <summary>
/// Clients that are cut at random, and count: every answer that is complete must carry the token of its request.
/// </summary>
/// <remarks>Each lane is one client after the other, on a random sequence of its own that its seed decides.</remarks>
internal sealed class CutLoad(int port)
{
    private const int PipelinedMax = 4;

    private long _exchanges;
    private long _answered;
    private long _cutByClient;
    private long _cutElsewhere;
    private long _mispaired;

    /// <summary>Requests that were sent, whole or in part.</summary>
    public long Exchanges => Volatile.Read(ref _exchanges);

    /// <summary>Complete answers of a node with the token of their request.</summary>
    public long Answered => Volatile.Read(ref _answered);

    /// <summary>Exchanges that the client broke off.</summary>
    public long CutByClient => Volatile.Read(ref _cutByClient);

    /// <summary>Exchanges that ended with an answer of the balancer, or with a broken one.</summary>
    public long CutElsewhere => Volatile.Read(ref _cutElsewhere);

    /// <summary>Answers that belong to another request.</summary>
    public long Mispaired => Volatile.Read(ref _mispaired);

    /// <summary>The first answer that belongs to another request.</summary>
    public string? FirstMispaired { get; private set; }

    public async Task RunAsync(int lanes, long exchanges)
    {
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(lane => Task.Run(() => RunLaneAsync(lane, exchanges))));
    }

    private async Task RunLaneAsync(int lane, long exchanges)
    {
        Random random = new(lane);
        long number = 0;
        while (Exchanges < exchanges)
        {
            using RawClient client = await RawClient.ConnectAsync(port);
            bool isOpen = true;
            while (isOpen && Exchanges < exchanges)
            {
                string[] tokens = [.. Enumerable.Range(0, random.Next(1, PipelinedMax)).Select(_ =>
                    $"{lane}.{number++}")];
                Interlocked.Add(ref _exchanges, tokens.Length);
                isOpen = random.Next(10) == 0
                    ? await BreakOffAsync(client, tokens, random)
                    : await CompleteAsync(client, tokens, random);
            }
        }
    }

    private static string Request(string token, Random random)
    {
        string body = $"body of {token}";
        string head = $"{(random.Next(3) == 0 ? "PUT" : "POST")} /{token} HTTP/1.1\r\nHost: a\r\n";
        return random.Next(3) switch
        {
            0 => $"GET /{token} HTTP/1.1\r\nHost: a\r\n\r\n",
            1 => $"{head}Content-Length: {body.Length}\r\n\r\n{body}",
            _ => $"{head}Transfer-Encoding: chunked\r\n\r\n4\r\n{body[..4]}\r\n{body.Length - 4:x}\r\n"
                + $"{body[4..]}\r\n0\r\n\r\n",
        };
    }

    private static async Task<WireResponse> ReadFinalAsync(RawClient client)
    {
        WireResponse answer;
        do
        {
            answer = await client.ReadAnswerAsync();
        }
        while (answer.Status < 200);
        return answer;
    }

    // Sends a part, or all and then goes, at once or after some of the answers.
    private async Task<bool> BreakOffAsync(RawClient client, string[] tokens, Random random)
    {
        string requests = string.Concat(tokens.Select(token => Request(token, random)));
        bool isPart = random.Next(2) == 0;
        int answersRead = isPart ? 0 : random.Next(tokens.Length);
        try
        {
            await client.SendAsync(isPart ? requests[..random.Next(requests.Length)] : requests);
            for (int i = 0; i < answersRead; i++)
            {
                Judge(tokens[i], await ReadFinalAsync(client));
            }
        }
        catch (Exception e) when (e is SocketException or EndOfStreamException)
        {
        }

        Interlocked.Add(ref _cutByClient, tokens.Length - answersRead);
        if (random.Next(4) == 0)
        {
            client.HalfClose();
        }
        else
        {
            client.Reset();
        }

        return false;
    }

    private async Task<bool> CompleteAsync(RawClient client, string[] tokens, Random random)
    {
        int read = 0;
        try
        {
            await client.SendAsync(string.Concat(tokens.Select(token => Request(token, random))));
            for (; read < tokens.Length; read++)
            {
                WireResponse answer = await ReadFinalAsync(client);
                Judge(tokens[read], answer);
                if (answer.Head.Value("Connection") == "close")
                {
                    Interlocked.Add(ref _cutElsewhere, tokens.Length - read - 1);
                    return false;
                }
            }

            return true;
        }
        catch (Exception e) when (e is SocketException or EndOfStreamException)
        {
            Interlocked.Add(ref _cutElsewhere, tokens.Length - read);
            return false;
        }
    }

    private void Judge(string token, WireResponse answer)
    {
        if (answer.Status != 200)
        {
            Interlocked.Increment(ref _cutElsewhere);
        }
        else if (answer.Text.StartsWith($"answer to {token}\n", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _answered);
        }
        else
        {
            Interlocked.Increment(ref _mispaired);
            FirstMispaired ??= $"{token} got {answer}";
        }
    }
}

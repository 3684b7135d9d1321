using System.Net.Sockets;
using System.Text;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Conformance;

/// <summary>
/// Either side is cut at every byte of an exchange: what was cut never looks whole to the other side, and the next
/// request, which uses what connections are left, gets its own answer.
/// </summary>
public sealed class CutAtEveryByteTests : ConformanceTest
{
    private const string Body = "5\r\nhello\r\n6\r\n world\r\n0\r\nX: y\r\n\r\n";

    [TestCase("GET /cut HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n")]
    [TestCase("POST /cut HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world")]
    [TestCase("POST /cut HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + Body)]
    public async Task B68_B86_A_client_is_cut(string request)
    {
        for (int length = 1; length < request.Length; length++)
        {
            foreach (bool isReset in (bool[])[false, true])
            {
                await CutClientAsync(request[..length], isReset);
                await FenceAsync();
            }
        }

        await ServedAsync(request);
        Assert.That(
            Completed.Count(call => call.Target == "/cut"), Is.EqualTo(1),
                "those that the node saw whole: the last one");
    }

    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + Body)]
    [TestCase("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world")]
    public async Task B87_A_node_is_cut(string answer)
    {
        for (int length = 1; length < answer.Length; length++)
        {
            foreach (bool isReset in (bool[])[false, true])
            {
                Node.Script = CutAt(answer[..length], isReset);
                int? status = await TryReadAsync();
                Assert.That(status is null or 502, Is.True, $"{status} after {answer[..length]}");
                Node.Script = EchoAsync;
                await FenceAsync();
            }
        }

        Node.Script = call => call.SendAsync(answer);
        Assert.That(await TryReadAsync(), Is.EqualTo(200));
    }

    [Test]
    public async Task B70_B87_A_node_that_ends_its_answer_with_its_connection_is_reset()
    {
        const string Answer = "HTTP/1.1 200 OK\r\n\r\nhello world";
        for (int length = 1; length <= Answer.Length; length++)
        {
            Node.Script = CutAt(Answer[..length], isReset: true);
            int? status = await TryReadAsync();
            Assert.That(status is null or 502, Is.True, $"{status} after {Answer[..length]}");
            Node.Script = EchoAsync;
            await FenceAsync();
        }

        Node.Script = CutAt(Answer, isReset: false);
        Assert.That(await TryReadAsync(), Is.EqualTo(200));
    }

    private static Func<NodeCall, Task> CutAt(string part, bool isReset) => async call =>
    {
        await call.SendAsync(part);
        if (isReset)
        {
            call.Connection.Reset();
        }
        else
        {
            call.Connection.Close();
        }
    };

    private async Task CutClientAsync(string part, bool isReset)
    {
        RawClient client = await ConnectAsync();
        await client.SendAsync(part);
        if (isReset)
        {
            client.Reset();
            return;
        }

        // Whatever comes before the end, it is no answer of the node.
        client.HalfClose();
        byte[] answer = [];
        try
        {
            answer = await client.Reader.ReadToEndAsync();
        }
        catch (SocketException)
        {
        }

        Assert.That(Encoding.Latin1.GetString(answer), Does.Not.Contain(" 200 "), part);
    }

    private async Task<int?> TryReadAsync()
    {
        RawClient client = await ConnectAsync();
        try
        {
            await client.SendAsync($"POST /cut HTTP/1.1\r\n{Host}Content-Length: 0\r\n\r\n");
            WireResponse answer;
            do
            {
                answer = await client.ReadAnswerAsync();
            }
            while (answer.Status < 200);
            return answer.Status;
        }
        catch (Exception e) when (e is SocketException or EndOfStreamException)
        {
            return null;
        }
    }
}

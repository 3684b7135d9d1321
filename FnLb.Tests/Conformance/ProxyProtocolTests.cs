using System.Buffers.Binary;
using System.Net;
using System.Text;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Conformance;

/// <summary>With --proxy-protocol every connection says first for whom it is (haproxy.org,
/// proxy-protocol.txt).</summary>
public sealed class ProxyProtocolTests : ConformanceTest
{
    private const string Request = $"GET /p HTTP/1.1\r\n{Host}\r\n";

    private protected override string[] Flags => ["--proxy-protocol", "--head-timeout=2s", "--log-level=debug"];

    private static byte[] Signature => [.. "\r\n\r\n\0\r\nQUIT\n"u8];

    [TestCase("PROXY TCP4 203.0.113.7 10.0.0.1 56324 80\r\n", "203.0.113.7")]
    [TestCase("PROXY TCP6 2001:db8::7 ::1 56324 80\r\n", "2001:db8::7")]
    [TestCase("PROXY UNKNOWN\r\n", "127.0.0.1")]
    [TestCase("PROXY UNKNOWN ffff:f...f:ffff 1 2 3\r\n", "127.0.0.1")]
    public async Task A_line_of_version_1_names_the_client(string line, string client) =>
        Assert.That(await SeenAsync(Encoding.Latin1.GetBytes(line)), Is.EqualTo(client));

    [TestCase("203.0.113.7")]
    [TestCase("2001:db8::7")]
    public async Task A_header_of_version_2_names_the_client(string client)
    {
        Assert.That(await SeenAsync(Version2(IPAddress.Parse(client), [])), Is.EqualTo(client));
        Assert.That(await SeenAsync(Version2(IPAddress.Parse(client), [4, 0, 1, 0, .. new byte[200]])),
            Is.EqualTo(client));
    }

    [Test]
    public async Task A_health_check_of_the_balancer_in_front_counts_as_itself() =>
        Assert.That(await SeenAsync([.. Signature, 0x20, 0x00, 0, 0]), Is.EqualTo("127.0.0.1"));

    [Test]
    public async Task A_header_may_come_in_single_bytes_and_counts_for_all_requests_of_its_connection()
    {
        byte[] header = Version2(IPAddress.Parse("203.0.113.7"), []);
        RawClient client = await ConnectAsync();
        foreach (byte b in header)
        {
            await client.SendAsync(new byte[] { b });
        }

        await client.CallAsync(Request);
        await client.CallAsync(Request);

        Assert.That(
            Calls.TakeLast(2).Select(call => call.Head.Value("X-Forwarded-For")), Is.All.EqualTo("203.0.113.7"));
    }

    [TestCase(Request)]
    [TestCase("PROXY TCP4 203.0.113.7 10.0.0.1 56324\r\n" + Request)]
    [TestCase("PROXY TCP4 203.0.113.777 10.0.0.1 1 2\r\n" + Request)]
    [TestCase("PROXY TCP4 203.0.113.7 10.0.0.1 56324 80\n" + Request)]
    [TestCase("proxy TCP4 203.0.113.7 10.0.0.1 56324 80\r\n" + Request)]
    [TestCase("PROXY UDP4 203.0.113.7 10.0.0.1 56324 80\r\n" + Request)]
    [TestCase("\r\nPROXY TCP4 203.0.113.7 10.0.0.1 56324 80\r\n" + Request)]
    [TestCase("\r\n\r\n\0\r\nQUIT\n\u0031\u0011\0\u000c............" + Request)]
    [TestCase("\u0016\u0003\u0001\u0002\0")]
    public async Task Anything_else_is_closed_without_an_answer(string wire)
    {
        int callsBefore = Node.Calls.Count;
        RawClient client = await ConnectAsync();
        await client.SendAsync(wire);

        await client.ReadCloseAsync(TimeSpan.FromSeconds(1.5));

        Assert.That(await SeenAsync("PROXY UNKNOWN\r\n"u8.ToArray()), Is.EqualTo("127.0.0.1"));
        Assert.That(Node.Calls, Has.Count.EqualTo(callsBefore + 1));
    }

    [Test]
    public async Task A_header_that_does_not_end_is_closed_without_an_answer()
    {
        RawClient client = await ConnectAsync();
        await client.SendAsync("PROXY TCP4 203.0.113.7");
        await client.ReadCloseAsync();

        RawClient endless = await ConnectAsync();
        await endless.SendAsync("PROXY TCP4 " + new string('1', 60));
        await endless.SendAsync(new string('1', 60));
        await endless.ReadCloseAsync(TimeSpan.FromSeconds(1.5));
    }

    [Test]
    public async Task Whoever_is_closed_for_its_header_is_counted_and_named_but_not_one_that_leaves()
    {
        double before = await RefusedAsync();
        RawClient wrong = await ConnectAsync();
        await wrong.SendAsync(Request);
        await wrong.ReadCloseAsync(TimeSpan.FromSeconds(1.5));
        RawClient leaving = await ConnectAsync();
        await leaving.SendAsync("PROXY TCP4 203.0.113.7");
        leaving.HalfClose();
        await leaving.ReadCloseAsync(TimeSpan.FromSeconds(1.5));
        RawClient late = await ConnectAsync();
        await late.SendAsync("PROXY TCP4 203.0.113.7");
        await late.ReadCloseAsync();

        Assert.That(await RefusedAsync(), Is.EqualTo(before + 2));
        const string line = "Client 127.0.0.1 was closed: its connection began with no whole PROXY header";
        await Eventually.HoldsAsync(
            () => Fnlb.Error.Split(line).Length - 1 == before + 2, "each has its line in the log");
    }

    [Test]
    public async Task A_second_header_is_no_request()
    {
        RawClient client = await ConnectAsync();
        await client.SendAsync("PROXY UNKNOWN\r\nPROXY UNKNOWN\r\n" + Request);
        await ReadRefusalAsync(client, 400, Request);
    }

    private static byte[] Version2(IPAddress client, byte[] extensions)
    {
        byte[] address = client.GetAddressBytes();
        byte family = address.Length == 4 ? (byte)0x11 : (byte)0x21;
        byte[] payload = [.. address, .. new byte[address.Length], 0xdc, 0x04, 0, 80, .. extensions];
        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)payload.Length);
        return [.. Signature, 0x21, family, .. length, .. payload];
    }

    private async Task<double> RefusedAsync() =>
        new PrometheusText((await Fnlb.Admin.SendAsync(HttpMethod.Get, "/metrics")).Body)
            ["fnlb_requests_refused_total{reason=proxy_header}"];

    private async Task<string?> SeenAsync(byte[] header)
    {
        RawClient client = await ConnectAsync();
        await client.SendAsync(header);
        WireResponse answer = await client.CallAsync(Request);
        Assert.That(answer.Text, Is.EqualTo("/p\n"));
        return Calls.Last().Head.Value("X-Forwarded-For");
    }
}

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Host.Admin;

/// <summary>Who may use the node API of the executable.</summary>
public sealed class AdminSecurityTests : EndToEndTest
{
    private const string Nodes = "/1/lb/nodes";
    private const string Body = "{\"node\":\"10.0.0.1:80\"}";
    private const string Reader = "reader-0123456789";
    private const string Writer = "writer-0123456789";

    [TestCase("GET", null, ExpectedResult = HttpStatusCode.Unauthorized)]
    [TestCase("GET", "Bearer wrong-0123456789", ExpectedResult = HttpStatusCode.Unauthorized)]
    [TestCase("GET", "Bearer " + Reader, ExpectedResult = HttpStatusCode.OK)]
    [TestCase("GET", "Basic YTpyZWFkZXItMDEyMzQ1Njc4OQ==", ExpectedResult = HttpStatusCode.OK)]
    [TestCase("PUT", "Bearer " + Reader, ExpectedResult = HttpStatusCode.Forbidden)]
    [TestCase("PUT", "Bearer " + Writer, ExpectedResult = HttpStatusCode.OK)]
    public async Task<HttpStatusCode> A_token_is_needed_and_gives_its_right(string method, string? authorization)
    {
        FnlbProcess fnlb = await StartWithTokensAsync();
        return await StatusAsync(fnlb, method, Nodes, authorization);
    }

    [Test]
    public async Task Health_is_open_a_new_token_holds_without_a_restart_and_guessing_is_slowed_down()
    {
        FnlbProcess fnlb = await StartWithTokensAsync();
        HttpStatusCode live = await StatusAsync(fnlb, "GET", "/livez", null);
        WriteTokens($"write next-{Writer}\n");
        await Eventually.HoldsAsync(
            async () => await StatusAsync(fnlb, "GET", Nodes, $"Bearer {Reader}") == HttpStatusCode.Unauthorized,
            "the old token holds no more");
        HttpStatusCode renewed = await StatusAsync(fnlb, "PUT", Nodes, $"Bearer next-{Writer}");
        List<HttpStatusCode> guesses = [];
        for (int guess = 0; guess < 22; guess++)
        {
            guesses.Add(await StatusAsync(fnlb, "GET", Nodes, $"Bearer {Reader}"));
        }

        Assert.That((live, renewed), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
        Assert.That(guesses[0], Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(guesses[^1], Is.EqualTo(HttpStatusCode.TooManyRequests));
    }

    [Test]
    public async Task The_dashboard_s_files_are_open_and_only_what_is_no_script_is_asked_for_a_password()
    {
        FnlbProcess fnlb = await StartWithTokensAsync();
        using HttpClient http = new(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{fnlb.AdminPort}"),
        };
        using HttpRequestMessage script = new(HttpMethod.Get, Nodes);
        script.Headers.Add("X-Requested-With", "XMLHttpRequest");

        using HttpResponseMessage page = await http.GetAsync("/1/lb/dash");
        using HttpResponseMessage toScript = await http.SendAsync(script);
        using HttpResponseMessage toOthers = await http.GetAsync(Nodes);

        Assert.That(page.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(Schemes(toScript), Is.EqualTo((string[])["Bearer"]));
        Assert.That(Schemes(toOthers), Does.Contain("Basic"));
    }

    [Test]
    public async Task A_hangup_has_the_tokens_read_without_a_call()
    {
        FnlbProcess fnlb = await StartWithTokensAsync();
        await StatusAsync(fnlb, "GET", Nodes, $"Bearer {Reader}");
        WriteTokens($"write next-{Writer}\n");

        fnlb.Signal(Signals.HangUp);

        await Eventually.HoldsAsync(
            () => fnlb.Error.Contains($"The tokens in {TokenFile} hold", StringComparison.Ordinal), "they are read");
    }

    [TestCase("GET", "evil.example", "", ExpectedResult = HttpStatusCode.Forbidden)]
    [TestCase("GET", "localhost", "", ExpectedResult = HttpStatusCode.OK)]
    [TestCase("PUT", "127.0.0.1:8082", "Origin: http://127.0.0.1:8082\r\n", ExpectedResult = HttpStatusCode.OK)]
    [TestCase("PUT", "127.0.0.1:8082", "Origin: http://evil.example\r\n", ExpectedResult = HttpStatusCode.Forbidden)]
    [TestCase("PUT", "127.0.0.1:8082", "Origin: null\r\n", ExpectedResult = HttpStatusCode.Forbidden)]
    [TestCase("PUT", "127.0.0.1:8082", "Sec-Fetch-Site: cross-site\r\n", ExpectedResult = HttpStatusCode.Forbidden)]
    [TestCase("GET", "127.0.0.1:8082", "Origin: http://evil.example\r\n", ExpectedResult = HttpStatusCode.OK)]
    public async Task<HttpStatusCode> A_page_of_another_site_gets_nothing(string method, string host, string fields)
    {
        FnlbProcess fnlb = await StartFnlbAsync([]);
        using RawClient client = await RawClient.ConnectAsync(fnlb.AdminPort);
        string head = $"{method} {Nodes} HTTP/1.1\r\nHost: {host}\r\n{fields}Content-Length: {Body.Length}\r\n\r\n";
        return (HttpStatusCode)(await client.CallAsync(head + Body)).Status;
    }

    [Test]
    public async Task A_change_leaves_a_line_in_the_log_and_an_open_address_a_warning()
    {
        int port = FreePort.Next();
        int adminPort = FreePort.Next();
        FnlbProcess fnlb = Own(FnlbProcess.Launch(
            port, adminPort, [$"-listen=127.0.0.1:{port}", $"-mgmt-listen=0.0.0.0:{adminPort}"]));
        await fnlb.WaitUntilListeningAsync();

        await fnlb.Admin.AddAsync("10.0.0.1:80");

        await Eventually.HoldsAsync(
            () => fnlb.Error.Contains("PUT /1/lb/nodes {?node?:?10.0.0.1:80?} by ", StringComparison.Ordinal),
            "the change is in the log");
        Assert.That(fnlb.Error, Does.Contain(
            $"Every machine that reaches port {adminPort} at any address of this one may read and change the node"));
    }

    [Test]
    public async Task The_node_API_can_be_on_a_unix_socket_which_survives_a_killed_process()
    {
        string path = Folder.In("admin.sock");
        for (int start = 0; start < 2; start++)
        {
            int port = FreePort.Next();
            using FnlbProcess fnlb = FnlbProcess.Launch(
                port, port, [$"-listen=127.0.0.1:{port}", $"-mgmt-listen=unix:{path}"]);
            await fnlb.WaitUntilListeningAsync();
            using HttpClient http = new(new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancellation) =>
                {
                    Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            });

            Assert.That(await http.GetStringAsync($"http://localhost{Nodes}"), Is.EqualTo("{\"nodes\":{}}\n"));
            if (OperatingSystem.IsLinux())
            {
                Assert.That(File.GetUnixFileMode(path) & UnixFileMode.OtherWrite, Is.EqualTo(UnixFileMode.None));
            }
        }
    }

    [Test]
    public async Task The_node_API_speaks_TLS_takes_a_renewed_certificate_and_asks_clients_for_theirs()
    {
        string file = Folder.In("admin.pem");
        using X509Certificate2 authority = Write(Folder.In("ca.pem"), "client");
        using X509Certificate2 first = Write(file, "first");
        int port = FreePort.Next();
        int adminPort = FreePort.Next();
        FnlbProcess fnlb = Own(FnlbProcess.Launch(port, adminPort, [
            $"-listen=127.0.0.1:{port}", $"-mgmt-listen=127.0.0.1:{adminPort}", $"-admin-tls-cert={file}",
            $"-admin-tls-client-ca={Folder.In("ca.pem")}"]));
        await fnlb.WaitUntilListeningAsync();

        string metrics = await GetAsync(adminPort, authority, "first", "/metrics");
        using X509Certificate2 second = Write(file, "second");
        await Eventually.HoldsAsync(
            async () => await GetAsync(adminPort, authority, "second", Nodes) == "{\"nodes\":{}}\n",
            "the renewed certificate is shown");

        long expiry = new DateTimeOffset(first.NotAfter).ToUnixTimeSeconds();
        Assert.That(metrics, Does.Contain($"fnlb_admin_certificate_expiry_timestamp_seconds {expiry}\n"));
        foreach (X509Certificate2? stranger in (X509Certificate2?[])[null, second])
        {
            Assert.That(
                () => GetAsync(adminPort, stranger, "second", Nodes), Throws.InstanceOf<HttpRequestException>());
        }
    }

    [Test]
    public async Task The_commands_speak_TLS_and_show_a_certificate_which_the_log_names()
    {
        string file = Folder.In("admin.pem");
        string own = Folder.In("alice.pem");
        using X509Certificate2 server = Write(file, "balancer");
        using X509Certificate2 client = Write(own, "alice");
        int port = FreePort.Next();
        int adminPort = FreePort.Next();
        string address = $"-mgmt-listen=127.0.0.1:{adminPort}";
        FnlbProcess fnlb = Own(FnlbProcess.Launch(port, adminPort, [
            $"-listen=127.0.0.1:{port}", $"-mgmt-listen=0.0.0.0:{adminPort}", $"-admin-tls-cert={file}",
            $"-admin-tls-client-ca={own}"]));
        await fnlb.WaitUntilListeningAsync();
        Dictionary<string, string> known = new() { ["FNLB_ADMIN_TLS_CERT"] = file };

        ProcessExit added = await FnlbProcess.RunAsync(["nodes", "add", "10.0.0.1:80", address, "-cert", own], known);
        ProcessExit unknown = await FnlbProcess.RunAsync(["health", address, "-cert", own]);
        ProcessExit misnamed = await FnlbProcess.RunAsync(["health", address, "-cert", own, "-ca", file]);
        ProcessExit stranger = await FnlbProcess.RunAsync(["nodes", address], known);

        Assert.That(added.Output, Is.EqualTo("10.0.0.1:80: node added\n"), added.ToString());
        Assert.That((unknown.Code, misnamed.Code, stranger.Code), Is.EqualTo((1, 1, 1)));
        Assert.That(fnlb.Error, Does.Contain("with the certificate CN=alice: 200"));
        Assert.That(fnlb.Error, Does.Not.Contain("may read and change the node list"));
    }

    [Test]
    public async Task The_commands_trust_the_authority_that_they_are_given()
    {
        string file = Folder.In("admin.pem");
        using LoopbackCertificate certificate = new();
        await File.WriteAllTextAsync(file, certificate.Pem + "\n" + certificate.KeyPem);
        int port = FreePort.Next();
        int adminPort = FreePort.Next();
        FnlbProcess fnlb = Own(FnlbProcess.Launch(port, adminPort, [
            $"-listen=127.0.0.1:{port}", $"-mgmt-listen=127.0.0.1:{adminPort}", $"-admin-tls-cert={file}"]));
        await fnlb.WaitUntilListeningAsync();

        ProcessExit listed = await FnlbProcess.RunAsync(["nodes", $"-mgmt-listen=127.0.0.1:{adminPort}", "-ca", file]);

        Assert.That((listed.Code, listed.Output), Is.EqualTo((0, "")), listed.ToString());
    }

    private static string[] Schemes(HttpResponseMessage answer) =>
        [.. answer.Headers.WwwAuthenticate.Select(challenge => challenge.Scheme)];

    private string TokenFile => Folder.In("tokens");

    private static async Task<string> GetAsync(int port, X509Certificate2? client, string name, string path)
    {
        SslClientAuthenticationOptions options = new()
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.Subject == $"CN={name}",
            ClientCertificates = client is null ? [] : [client],
            LocalCertificateSelectionCallback = (_, _, _, _, _) => client!,
        };
        using HttpClient http = new(new SocketsHttpHandler { SslOptions = options, UseProxy = false });
        try
        {
            return await http.GetStringAsync($"https://127.0.0.1:{port}{path}");
        }
        catch (HttpRequestException) when (client is not null && client.Subject == "CN=client")
        {
            return "";
        }
    }

    private static X509Certificate2 Write(string path, string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        X509Certificate2 certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        File.WriteAllText(path, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        return certificate;
    }

    private static async Task<HttpStatusCode> StatusAsync(
        FnlbProcess fnlb, string method, string path, string? authorization)
    {
        using HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
        using HttpRequestMessage request = new(new HttpMethod(method), $"http://127.0.0.1:{fnlb.AdminPort}{path}");
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        request.Content = method == "GET" ? null : new StringContent(Body);
        using HttpResponseMessage response = await http.SendAsync(request);
        return response.StatusCode;
    }

    private void WriteTokens(string text) => File.WriteAllText(TokenFile, text);

    private async Task<FnlbProcess> StartWithTokensAsync()
    {
        WriteTokens($"read {Reader}\nwrite {Writer}\n");
        return await StartFnlbAsync([], $"-admin-token-file={TokenFile}");
    }
}

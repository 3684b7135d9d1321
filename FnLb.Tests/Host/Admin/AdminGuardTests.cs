using System.Net;
using System.Text;
using FnLb.Host.Admin;
using FnLb.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace FnLb.Tests.Host.Admin;

/// <summary>The guard by itself, before an API that answers everything.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AdminGuardTests : IDisposable
{
    private const string Reader = "reader-0123456789";
    private const string Writer = "writer-0123456789";
    private const string Change = "PUT /1/lb/nodes";

    private readonly string _path = Path.GetTempFileName();
    private readonly FakeTimeProvider _time = new();
    private readonly RecordedLog _log = new();

    private string Log => string.Join('\n', _log.Lines);

    public void Dispose() => File.Delete(_path);

    [Test]
    public async Task A_change_is_in_the_log_when_its_caller_has_left_before_the_answer()
    {
        AdminGuard guard = Guard(
            async context =>
            {
                context.Response.ContentLength = 2;
                await Task.FromCanceled(new CancellationToken(canceled: true));
            },
            withTokens: false);

        Assert.That(async () => await CallAsync(guard, "PUT"), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Log, Is.EqualTo($"Information 2010 {Change} BODY by 192.0.2.1: 200"));
    }

    [Test]
    public async Task A_change_of_which_nobody_knows_the_outcome_is_in_the_log_as_such()
    {
        AdminGuard guard = Guard(
            _ => Task.FromCanceled(new CancellationToken(canceled: true)), withTokens: false);

        Assert.That(async () => await CallAsync(guard, "PUT"), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Log, Does.Contain($"{Change} BODY by 192.0.2.1: unknown, since the caller left"));
    }

    [TestCase(Writer, "with the token of alice: 200")]
    [TestCase("alone-0123456789", "with the token of line 4: 200")]
    [TestCase(Reader, "with the token of line 2 was refused: this token may read, but change nothing")]
    [TestCase("wrong-0123456789", "was refused: the token is wrong")]
    [TestCase("", "was refused: there was no token")]
    public async Task Who_changes_or_may_not_is_in_the_log_by_the_name_of_the_token(string token, string line)
    {
        await CallAsync(Guard(AnswerAsync), "PUT", token);

        Assert.That(Log, Does.Contain($"by 192.0.2.1 {line}"));
    }

    [Test]
    public async Task Who_showed_a_certificate_is_in_the_log_by_its_name()
    {
        AdminGuard guard = Guard(AnswerAsync, withTokens: false);

        await CallAsync(guard, "PUT", arrange: context =>
            context.Features.Set(new CallerCertificate("CN=bob")));

        Assert.That(Log, Does.Contain($"{Change} BODY by 192.0.2.1 with the certificate CN=bob: 200"));
    }

    [Test]
    public async Task A_page_of_another_site_is_in_the_log()
    {
        await CallAsync(Guard(AnswerAsync), "PUT", Writer, context =>
            context.Request.Headers.Origin = "http://evil.example");

        Assert.That(Log, Does.Contain($"Warning 2011 {Change} by 192.0.2.1 was refused: a page of another site"));
    }

    [Test]
    public async Task Wrong_tokens_do_not_lock_out_a_right_one_from_the_same_address()
    {
        AdminGuard guard = Guard(AnswerAsync);
        int last = 0;
        for (int guess = 0; guess <= FailureLimit.FailuresMax; guess++)
        {
            last = await CallAsync(guard, "GET", "wrong-0123456789");
        }

        Assert.That(last, Is.EqualTo(StatusCodes.Status429TooManyRequests));
        Assert.That(await CallAsync(guard, "PUT", Writer), Is.EqualTo(StatusCodes.Status200OK));
        Assert.That(_log.Lines, Has.Count.EqualTo(FailureLimit.FailuresMax + 1), "beyond the limit none is told");
    }

    [TestCase("GET", "/livez", ExpectedResult = StatusCodes.Status200OK)]
    [TestCase("HEAD", "/1/lb/dash/main.js", ExpectedResult = StatusCodes.Status200OK)]
    [TestCase("POST", "/livez", ExpectedResult = StatusCodes.Status429TooManyRequests)]
    [TestCase("PUT", "/1/lb/dash/main.js", ExpectedResult = StatusCodes.Status429TooManyRequests)]
    public async Task<int> What_is_open_is_so_for_reads_and_nobody_without_a_token_fills_the_log_there(
        string method, string path)
    {
        AdminGuard guard = Guard(AnswerAsync);
        int last = 0;
        for (int call = 0; call <= FailureLimit.FailuresMax; call++)
        {
            last = await CallAsync(guard, method, arrange: context => context.Request.Path = path);
        }

        Assert.That(_log.Lines, Has.Count.LessThanOrEqualTo(FailureLimit.FailuresMax));
        return last;
    }

    [TestCase(true, ExpectedResult = StatusCodes.Status401Unauthorized)]
    [TestCase(false, ExpectedResult = StatusCodes.Status429TooManyRequests)]
    public async Task<int> A_named_address_counts_only_when_the_data_plane_has_named_it(bool isRelayed)
    {
        AdminGuard guard = Guard(AnswerAsync, isRelayed: isRelayed);
        int last = 0;
        for (int guess = 0; guess <= FailureLimit.FailuresMax; guess++)
        {
            string named = $"198.51.100.{guess}";
            last = await CallAsync(guard, "GET", "wrong-0123456789", context =>
            {
                context.Connection.RemoteIpAddress = null;
                context.Request.Headers["X-Forwarded-For"] = named;
            });
        }

        return last;
    }

    [TestCase("127.0.0.1", "evil.example", ExpectedResult = StatusCodes.Status403Forbidden)]
    [TestCase("6.6.6.6, ::1", "evil.example", ExpectedResult = StatusCodes.Status403Forbidden)]
    [TestCase("127.0.0.1, 192.0.2.1", "lb.example", ExpectedResult = StatusCodes.Status200OK)]
    [TestCase("127.0.0.1", "localhost", ExpectedResult = StatusCodes.Status200OK)]
    public async Task<int> A_foreign_name_over_loopback_is_refused_among_the_traffic_too(string forwarded, string host)
    {
        AdminGuard guard = Guard(AnswerAsync, withTokens: false, isRelayed: true);
        return await CallAsync(guard, "GET", arrange: context =>
        {
            context.Connection.RemoteIpAddress = null;
            context.Request.Headers["X-Forwarded-For"] = forwarded;
            context.Request.Host = new HostString(host);
        });
    }

    private static Task AnswerAsync(HttpContext context) =>
        AdminAnswer.SayAsync(context, StatusCodes.Status200OK, "done");

    private static async Task<int> CallAsync(
        AdminGuard guard, string method, string token = "", Action<DefaultHttpContext>? arrange = null)
    {
        DefaultHttpContext context = new();
        context.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.1");
        context.Request.Method = method;
        context.Request.Path = "/1/lb/nodes";
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes("BODY"));
        if (token.Length > 0)
        {
            context.Request.Headers.Authorization = $"Bearer {token}";
        }

        arrange?.Invoke(context);
        await guard.HandleAsync(context);
        return context.Response.StatusCode;
    }

    private AdminGuard Guard(RequestDelegate inner, bool withTokens = true, bool isRelayed = false)
    {
        File.WriteAllText(_path, $"# who\nread {Reader}\nwrite {Writer} alice\nalone-0123456789\n");
        LiveFiles<AdminTokens>? tokens = withTokens
            ? new LiveFiles<AdminTokens>([_path], texts => AdminTokens.Parse(texts[_path]), _time)
            : null;
        return new AdminGuard(inner, tokens, isRelayed, _time, _log);
    }
}

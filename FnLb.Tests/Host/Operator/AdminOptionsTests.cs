using FnLb.Host.Operator;
using NUnit.Framework;

namespace FnLb.Tests.Host.Operator;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AdminOptionsTests : IDisposable
{
    private readonly string _config = Path.GetTempFileName();
    private readonly Dictionary<string, string> _environment = [];

    public void Dispose() => File.Delete(_config);

    [Test]
    public void The_balancer_is_found_as_flag_environment_and_file_say_in_this_order()
    {
        File.WriteAllText(_config, """{"mgmt-listen": "127.0.0.1:1", "hc-interval": "5s"}""");
        string byDefault = Parse().Address.ToString();
        _environment["FNLB_CONFIG"] = _config;
        string byFile = Parse().Address.ToString();
        _environment["FNLB_MGMT_LISTEN"] = "127.0.0.1:2";
        string byEnvironment = Parse().Address.ToString();
        string byFlag = Parse("-mgmt-listen=127.0.0.1:3").Address.ToString();
        _environment.Clear();
        string byGivenFile = Parse("-config", _config).Address.ToString();

        Assert.That(
            (string[])[byDefault, byFile, byEnvironment, byFlag, byGivenFile],
            Is.EqualTo(new[] { "127.0.0.1:8082", "127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3", "127.0.0.1:1" }));
    }

    [Test]
    public void The_token_is_the_one_of_the_file_that_may_most_without_its_name()
    {
        File.WriteAllText(_config, "read reader-0123456789 bob\nwrite writer-0123456789 alice\n");

        Assert.That(Parse("-token-file", _config).Token, Is.EqualTo("writer-0123456789"));
    }

    [Test]
    public void TLS_is_spoken_when_a_flag_says_so_or_the_balancer_has_a_certificate()
    {
        bool plain = Parse().Tls is null;
        bool asked = Parse("-tls").Tls is not null;
        _environment["FNLB_ADMIN_TLS_CERT"] = "/nowhere";
        bool byEnvironment = Parse().Tls is not null;

        Assert.That((plain, asked, byEnvironment), Is.EqualTo((true, true, true)));
    }

    [TestCase("-ca=/nowhere")]
    [TestCase("-cert=/nowhere")]
    [TestCase("-ca=/dev/null")]
    [TestCase("-config=/nowhere")]
    [TestCase("-colour=red")]
    [TestCase("-ca")]
    public void What_cannot_be_used_is_named(string flag)
    {
        bool isParsed = AdminOptions.TryParse([flag], _environment.GetValueOrDefault, out _, out string? error);

        Assert.That(isParsed, Is.False);
        Assert.That(error, Does.StartWith("-"));
    }

    private AdminOptions Parse(params string[] arguments)
    {
        _ = AdminOptions.TryParse(
            arguments, _environment.GetValueOrDefault, out AdminOptions? options, out string? error);
        return options ?? throw new InvalidOperationException(error);
    }
}

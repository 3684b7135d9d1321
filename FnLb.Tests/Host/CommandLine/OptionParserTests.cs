using FnLb.Core.Health;
using FnLb.Core.Proxy;
using FnLb.Host.CommandLine;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace FnLb.Tests.Host.CommandLine;

public sealed class OptionParserTests
{
    private const string DurationRule = "such as 500ms, 3s or 1m30s; a plain number is seconds";

    [TestCase("-hc-path", "/up")]
    [TestCase("--hc-path", "/up")]
    [TestCase("-hc-path=/up")]
    [TestCase("--hc-path=/up")]
    [TestCase("-hc-path=/down", "-hc-path=/up")]
    public void Forms_of_a_flag_are_those_of_Go_and_the_last_wins(params string[] arguments) =>
        Assert.That(Options(arguments).Health.Path, Is.EqualTo("/up"));

    [Test]
    public void A_value_may_hold_an_equals_sign_and_begin_with_a_dash()
    {
        FnlbOptions options = Options("-label-selector=app=fn", "-namespace", "-odd");

        Assert.That((options.Kubernetes.LabelSelector, options.Kubernetes.Namespace), Is.EqualTo(("app=fn", "-odd")));
    }

    [TestCase("-help")]
    [TestCase("-h")]
    [TestCase("--help=true")]
    [TestCase("-h=T")]
    public void A_switch_needs_no_value(string flag)
    {
        // What follows it is a flag of its own.
        FnlbOptions options = Options(flag, "-hc-path=/up");

        Assert.That((options.ShowsHelp, options.Health.Path), Is.EqualTo((true, "/up")));
        Assert.That(Options(flag, "-help=false").ShowsHelp, Is.False);
    }

    [Test]
    public void Without_flags_the_options_are_the_defaults_of_the_records()
    {
        FnlbOptions options = Options();
        FnlbOptions records = new();

        Assert.That(options.Nodes, Is.Empty);
        Assert.That(options.Health.VersionMin!.ToString(), Is.EqualTo(records.Health.VersionMin!.ToString()));
        HealthOptions health = options.Health with { VersionMin = records.Health.VersionMin };
        Assert.That(options.Proxy.BusyStatuses, Is.EqualTo(records.Proxy.BusyStatuses));
        ProxyOptions proxy = options.Proxy with
        {
            ConnectionsMax = records.Proxy.ConnectionsMax,
            BusyStatuses = records.Proxy.BusyStatuses,
        };
        Assert.That(options with { Nodes = records.Nodes, Health = health, Proxy = proxy }, Is.EqualTo(records));
    }

    [Test]
    public void The_defaults_of_the_original_are_kept()
    {
        FnlbOptions options = Options();
        HealthOptions health = options.Health;

        Assert.That(
            (health.Interval.TotalSeconds, health.Path, health.FailuresToOffline, health.SuccessesToOnline),
            Is.EqualTo((3.0, "/version", 2, 1)));
        Assert.That((health.Timeout.TotalSeconds, health.VersionMin!.ToString()), Is.EqualTo((5.0, "0.0.235")));
        Assert.That((options.Listen.ToString(), options.Store.ToString()), Is.EqualTo((":8081", "sqlite3://:memory:")));
        Assert.That((options.ShutdownTimeout, options.Kubernetes.TargetPort), Is.EqualTo((TimeSpan.Zero, 8080)));
    }

    [Test]
    public void Every_flag_of_the_data_plane_reaches_it()
    {
        ProxyOptions proxy = Options(
            "-threads=3", "-connect-timeout=1", "-head-timeout=2", "-idle-timeout=3", "-answer-timeout=4",
            "-stall-timeout=5", "-node-idle-timeout=6", "-tunnel-idle-timeout=7", "-max-head-bytes=20000",
            "-max-head-fields=50", "-max-request-line=8000", "-max-body=9", "-max-connections=10",
            "-proxy-protocol", "-node-silence-timeout=8").Proxy;

        TimeSpan[] times =
        [
            proxy.ConnectTimeout, proxy.HeadTimeout, proxy.IdleTimeout, proxy.AnswerTimeout, proxy.StallTimeout,
            proxy.NodeIdleTimeout, proxy.TunnelIdleTimeout, proxy.NodeSilenceTimeout,
        ];
        Assert.That(times.Select(time => time.TotalSeconds), Is.EqualTo((double[])[1, 2, 3, 4, 5, 6, 7, 8]));
        Assert.That(
            (proxy.HeadLimits.HeadBytesMax, proxy.HeadLimits.FieldCountMax, proxy.HeadLimits.StartLineBytesMax),
            Is.EqualTo((20000, 50, 8000)));
        Assert.That((proxy.Loops, proxy.BodyBytesMax), Is.EqualTo((3, 9L)));
        Assert.That((proxy.ConnectionsMax, proxy.RequiresProxyHeader), Is.EqualTo((10, true)));
    }

    [Test]
    public void Nodes_are_a_list_with_commas_where_blanks_and_empty_places_do_no_harm()
    {
        FnlbOptions options = Options("-nodes=a:1, [::1]:2,,b:3,");

        Assert.That(options.Nodes.Select(node => node.Text), Is.EqualTo((string[])["a:1", "[::1]:2", "b:3"]));
    }

    [TestCase("panic", LogLevel.Critical)]
    [TestCase("Fatal", LogLevel.Critical)]
    [TestCase("error", LogLevel.Error)]
    [TestCase("WARN", LogLevel.Warning)]
    [TestCase("warning", LogLevel.Warning)]
    [TestCase("info", LogLevel.Information)]
    [TestCase("", LogLevel.Information)]
    [TestCase("debug", LogLevel.Debug)]
    public void LOG_LEVEL_has_the_names_of_the_original(string name, LogLevel level)
    {
        ParsedOptions parsed = OptionParser.Parse([], variable => variable == "LOG_LEVEL" ? name : null);

        Assert.That((parsed.Errors.Count, parsed.Options.LogLevel), Is.EqualTo((0, level)));
    }

    [Test]
    public void Each_flag_has_a_variable_and_the_command_line_wins()
    {
        Dictionary<string, string> variables = new()
        {
            ["FNLB_HC_PATH"] = "/variable",
            ["FNLB_HC_UNHEALTHY"] = "wrong, but not looked at",
            ["FNLB_MIN_API_VERSION"] = "",
        };

        ParsedOptions parsed = OptionParser.Parse(["-hc-unhealthy=7"], variables.GetValueOrDefault);

        Assert.That(parsed.Errors, Is.Empty);
        Assert.That(parsed.Options.Health.Path, Is.EqualTo("/variable"));
        Assert.That(parsed.Options.Health.FailuresToOffline, Is.EqualTo(7));
        Assert.That(parsed.Options.Health.VersionMin, Is.Null);
    }

    [Test]
    public void All_errors_are_told_at_once_each_with_flag_value_and_rule()
    {
        ParsedOptions parsed = OptionParser.Parse(
            ["-hc-interval", "soon", "--bogus", "x", "-listen=:70000", "stray", "-max-body=-1", "-", "-nodes"],
            variable => variable == "FNLB_HC_TIMEOUT" ? "1ms" : null);

        Assert.That(parsed.Errors, Is.EqualTo((string[])
        [
            $"-hc-interval \"soon\": must be a duration from 100ms to 24h, {DurationRule}",
            "-bogus: unknown flag; usage: fnlb -h lists every flag",
            "-listen \":70000\": must be :port, host:port or [v6]:port; a port is 0 to 65535, 0 takes any free one",
            "argument 6: unexpected; flags begin with a dash, see fnlb -h",
            "-max-body \"-1\": must be a number: 0 or more",
            "argument 8: unexpected; flags begin with a dash, see fnlb -h",
            "-nodes: needs a value, LIST: a comma list of host:port",
            $"FNLB_HC_TIMEOUT \"1ms\": must be a duration from 10ms to 24h, {DurationRule}",
        ]));
    }

    [TestCase(":8081", ":8081", ExpectedResult = 1)]
    [TestCase(":8081", "0.0.0.0:8081", ExpectedResult = 1)]
    [TestCase("lb:8081", "lb:8081", ExpectedResult = 1)]
    [TestCase(":8081", "127.0.0.1:8081", ExpectedResult = 0)]
    [TestCase(":8081", "unix:/run/fnlb/admin.sock", ExpectedResult = 0)]
    public int TLS_of_the_node_API_needs_an_address_of_its_own(string listen, string adminListen)
    {
        ParsedOptions parsed = OptionParser.Parse(
            [$"-listen={listen}", $"-mgmt-listen={adminListen}", "-admin-tls-cert=/x"], _ => null);

        Assert.That(parsed.Errors, Has.All.StartsWith("-admin-tls-cert \"/x\": must not be given when"));
        return parsed.Errors.Count;
    }

    [TestCase("-threads=0", "a number: 1 to 1024")]
    [TestCase("-threads=1025", "a number: 1 to 1024")]
    [TestCase("-hc-unhealthy=0", "a number: 1 to 1000")]
    [TestCase("-hc-healthy=+1", "a number: 1 to 1000")]
    [TestCase("-hc-path=version", "a path")]
    [TestCase("-hc-path=/a b", "a path")]
    [TestCase("-min-api-version=1.2", "a semantic version")]
    [TestCase("-connect-timeout=0", "a duration from 1ms")]
    [TestCase("-head-timeout=-1s", "a duration from 1ms")]
    [TestCase("-answer-timeout=25h", "to 24h")]
    [TestCase("-shutdown-timeout=-1", "a duration from 0")]
    [TestCase("-target-port=0", "a number: 1 to 65535")]
    [TestCase("-zipkin=collector:9411", "http://")]
    [TestCase("-max-head-bytes=8000", "must not be above -max-head-bytes, which is 8000")]
    [TestCase("-listen=8081", ":port")]
    [TestCase("-listen=[::1:8081", ":port")]
    [TestCase("-nodes=a:1,a b:80", "\"a b:80\" has a host")]
    [TestCase("-help=maybe", "true or false")]
    [TestCase("-db=oracle://x", "must be sqlite3://PATH")]
    [TestCase("-db=sqlite3://", "must name a file")]
    [TestCase("-db=mysql://h/d", "must name a user and a database")]
    public void A_value_against_the_rule_is_refused_with_the_rule(string argument, string rule)
    {
        IReadOnlyList<string> errors = OptionParser.Parse([argument], _ => null).Errors;

        Assert.That(errors, Has.Count.EqualTo(1));
        Assert.That(errors[0], Does.Contain(rule));
    }

    [Test]
    public void A_password_is_not_shown()
    {
        const string flag = "-db=postgres://fn:secret@host/db?sslmode=secret";

        string error = OptionParser.Parse([flag], _ => null).Errors.Single();

        Assert.That(error, Does.Contain("postgres://…@host\"").And.Not.Contain("secret"));
    }

    [TestCase("--database=postgres://fn:s3cret@host/db")]
    [TestCase("--database", "postgres://fn:s3cret@host/db")]
    [TestCase("-postgres://fn:s3cret@host/db")]
    [TestCase("postgres://fn:s3cret@host/db")]
    [TestCase("-help", "s3cret")]
    public void What_no_flag_takes_is_not_repeated(params string[] arguments)
    {
        IReadOnlyList<string> errors = OptionParser.Parse(arguments, _ => null).Errors;

        Assert.That(errors, Has.Count.EqualTo(1).And.None.Contains("s3cret"));
    }

    private static FnlbOptions Options(params string[] arguments)
    {
        ParsedOptions parsed = OptionParser.Parse(arguments, _ => null);
        Assert.That(parsed.Errors, Is.Empty);
        return parsed.Options;
    }
}

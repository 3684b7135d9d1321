using System.Net;
using FnLb.Host.Admin;
using FnLb.Host.CommandLine;
using FnLb.Host.Lifecycle;
using FnLb.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace FnLb.Tests.Host.Admin;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AdminAccessTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly RecordedLog _log = new();

    private string Identity => _folder.In("admin.pem");

    private string Authority => _folder.In("ca.pem");

    private FnlbOptions Mutual => new() { AdminTls = new TlsFiles(Identity, "", Authority) };

    public void Dispose() => _folder.Dispose();

    [SetUp]
    public void WriteFiles()
    {
        using LoopbackCertificate certificate = new();
        File.WriteAllText(Identity, certificate.Pem + "\n" + certificate.KeyPem);
        File.WriteAllText(Authority, certificate.Pem);
    }

    [Test]
    public void Roots_without_a_certificate_are_no_start_and_later_leave_those_before()
    {
        var access = AdminAccess.Open(Mutual, _log);
        File.WriteAllText(Authority, "# none yet\n");
        access.LookNow();

        Assert.That(_log.Lines, Is.EqualTo(new[]
        {
            $"Error 2016 The certificate in {Identity} cannot be used, the one before holds on: "
                + $"there must be a certificate in {Authority}",
        }));
        Assert.That(
            () => AdminAccess.Open(Mutual, _log),
            Throws.InstanceOf<StartException>().With.Message.Contains($"there must be a certificate in {Authority}"));
    }

    [TestCase("0.0.0.0", "port 80 at any address of this one")]
    [TestCase("192.0.2.1", "192.0.2.1:80 may")]
    [TestCase("127.0.0.1", null)]
    public void An_address_that_others_reach_is_warned_of(string address, string? reach)
    {
        AdminAccess.Open(new FnlbOptions(), _log).WarnIfOpen(new IPEndPoint(IPAddress.Parse(address), 80));

        Assert.That(_log.Lines.SingleOrDefault() ?? "", reach is null ? Is.Empty : Does.Contain(reach));
    }

    [Test]
    public void Nobody_is_warned_of_an_address_that_asks_for_certificates()
    {
        AdminAccess.Open(Mutual, _log).WarnIfOpen(new IPEndPoint(IPAddress.Any, 80));

        Assert.That(_log.Lines, Is.Empty);
    }

    [Test]
    public void TLS_is_refused_behind_the_data_plane_which_speaks_none()
    {
        var access = AdminAccess.Open(Mutual, NullLogger.Instance);

        Assert.That(() => access.Guard(_ => Task.CompletedTask, isRelayed: true), Throws.InstanceOf<StartException>());
        Assert.That(() => access.Guard(_ => Task.CompletedTask, isRelayed: false), Throws.Nothing);
    }
}

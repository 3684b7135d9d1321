using System.Text;
using FnLb.Core.Nodes;
using FnLb.Host.CommandLine;
using FnLb.Host.Stores.Kubernetes;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Host.Stores.Kubernetes;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class KubeconfigTests
{
    // As kubectl writes it: lists as far left as their key.
    private const string Typical = """
        apiVersion: v1
        kind: Config
        preferences: {}
        current-context: "here"   # a comment
        contexts:
        - context:
            cluster: other
            user: nobody
          name: there
        - context:
            cluster: local
            namespace: fn
            user: 'lb:user'
          name: here
        clusters:
        - cluster:
            server: https://10.0.0.1:6443
            certificate-authority: ca.pem
          name: local
        users:
        - name: lb:user
          user:
            token: abc.def
        """;

    private readonly TestFolder _folder = new();

    [TearDown]
    public void RemoveTheFolder() => _folder.Dispose();

    [Test]
    public void The_current_context_says_where_and_who()
    {
        using LoopbackCertificate certificate = new();
        File.WriteAllText(_folder.In("ca.pem"), certificate.Pem);

        KubernetesAccess access = Read(Typical);

        Assert.That((access.Server.ToString(), access.Namespace, access.Token), Is.EqualTo(
            ("https://10.0.0.1:6443/", "fn", "abc.def")));
        Assert.That(access.Authorities, Has.Count.EqualTo(1));
    }

    [Test]
    public void Certificates_may_be_in_the_file_and_lists_may_be_indented()
    {
        using LoopbackCertificate certificate = new();
        string data = Convert.ToBase64String(Encoding.ASCII.GetBytes(certificate.Pem));
        string key = Convert.ToBase64String(Encoding.ASCII.GetBytes(certificate.KeyPem));

        KubernetesAccess access = Read($"""
            current-context: c
            contexts:
              - name: c
                context: 
                  cluster: c
                  user: u
            clusters:
              -
                name: c
                cluster:
                  server: https://[::1]:6443
                  certificate-authority-data: {data}
                  tls-server-name: kubernetes
            users:
              - name: u
                user:
                  client-certificate-data: {data}
                  client-key-data: {key}
            """);

        Assert.That((access.Namespace, access.TlsServerName), Is.EqualTo(("default", "kubernetes")));
        Assert.That(access.ClientCertificate!.HasPrivateKey, Is.True);
    }

    [TestCase("current-context: \"here\"", "current-context: away", "there is no context \"away\"")]
    [TestCase("cluster: local", "cluster: gone", "there is no cluster \"gone\"")]
    [TestCase("server: https://10.0.0.1:6443", "server: 10.0.0.1", "no server that is a URL")]
    [TestCase("    token: abc.def", "    exec:\n      command: aws", "logs in with a program (exec)")]
    [TestCase("    token: abc.def", "    token: |", "line 23 has a form of YAML")]
    [TestCase("    token: abc.def", " token: abc.def", "line 23 is not in place")]
    [TestCase("ca.pem", "gone.pem", "gone.pem")]
    public void What_is_wrong_is_told_with_the_file_and_without_the_token(string part, string instead, string error)
    {
        string text = Typical.Replace(part, instead, StringComparison.Ordinal);

        Assert.That(
            () => Read(text),
            Throws.TypeOf<NodeStoreException>().With.Message.Contains(_folder.Path)
                .And.Message.Contains(error).And.Message.Not.Contains("abc.def"));
    }

    [Test]
    public void Outside_of_a_pod_a_kubeconfig_is_asked_for()
    {
        Assert.That(
            () => KubernetesAccess.From(new KubernetesOptions()),
            Throws.TypeOf<NodeStoreException>().With.Message.Contains("give --kubeconfig"));
    }

    private KubernetesAccess Read(string text)
    {
        string path = _folder.In("config");
        File.WriteAllText(path, text);
        return KubernetesAccess.From(new KubernetesOptions { KubeconfigPath = path });
    }
}

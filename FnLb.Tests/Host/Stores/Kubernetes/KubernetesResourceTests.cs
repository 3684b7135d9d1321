using System.Text.Json;
using FnLb.Core.Nodes;
using FnLb.Host.CommandLine;
using FnLb.Host.Stores.Kubernetes;
using NUnit.Framework;

namespace FnLb.Tests.Host.Stores.Kubernetes;

public sealed class KubernetesResourceTests
{
    private static readonly KubernetesResource Service = new(new KubernetesOptions { Service = "fn" }, "own");

    [Test]
    public void A_service_of_two_address_families_has_each_pod_once()
    {
        KubernetesNodes v4 = Nodes("IPv4", "[80]", "\"10.0.0.1\"");
        KubernetesNodes v6 = Nodes("IPv6", "[80]", "\"fd00::1\"");
        KubernetesNodes emptyV4 = Nodes("IPv4", "[]");

        Assert.That(Together(v6, v4), Is.EqualTo((string[])["10.0.0.1:80"]));
        Assert.That(Together(v6), Is.EqualTo((string[])["[fd00::1]:80"]));
        Assert.That(Together(v6, emptyV4), Is.Empty, "an empty service has no nodes, and no others");
    }

    [Test]
    public void Only_the_first_address_of_an_endpoint_is_a_node() =>
        Assert.That(
            Together(Nodes("IPv4", "[80]", "\"10.0.0.1\",\"10.0.0.2\"")), Is.EqualTo((string[])["10.0.0.1:80"]));

    [TestCase("[]", 8080)]
    [TestCase("null", 8080)]
    [TestCase("[null]", 8080)]
    [TestCase("[80]", 80)]
    [TestCase("[80,8080]", 8080)]
    public void The_port_is_the_only_one_or_the_target_port(string ports, int port) =>
        Assert.That(Together(Nodes("IPv4", ports, "\"10.0.0.1\"")), Is.EqualTo((string[])[$"10.0.0.1:{port}"]));

    [Test]
    public void Several_ports_of_which_none_is_the_target_port_are_a_failure() =>
        Assert.That(
            () => Nodes("IPv4", "[80,90]", "\"10.0.0.1\""),
            Throws.TypeOf<NodeStoreException>().With.Message.EqualTo(
                "has the service fn with the ports 80, 90, none of which is -target-port, 8080"));

    [TestCase("""{"metadata":{"resourceVersion":"1"}}""")]
    [TestCase("""{"items":[]}""")]
    [TestCase("""{}""")]
    [TestCase("""[]""")]
    public void What_is_no_list_is_not_taken_for_an_empty_one(string text) =>
        Assert.That(
            () => KubernetesResource.ItemsOf(JsonDocument.Parse(text).RootElement),
            Throws.InstanceOf<JsonException>());

    [Test]
    public void A_list_without_objects_may_have_null_in_their_place() =>
        Assert.That(
            KubernetesResource.ItemsOf(
                JsonDocument.Parse("""{"metadata":{"resourceVersion":"1"},"items":null}""").RootElement),
            Is.Empty);

    private static string[] Together(params KubernetesNodes[] objects) =>
        [.. KubernetesNodes.Together(objects).Select(entry => entry.Address.Text)];

    /// <param name="ports">The numbers as JSON.</param>
    /// <param name="addresses">Of each endpoint, as JSON.</param>
    private static KubernetesNodes Nodes(string addressType, string ports, params string[] addresses)
    {
        string portList = ports.Replace("[", "[{\"port\":", StringComparison.Ordinal)
            .Replace(",", "},{\"port\":", StringComparison.Ordinal).Replace("]", "}]", StringComparison.Ordinal)
            .Replace("[{\"port\":}]", "[]", StringComparison.Ordinal);
        string endpoints = string.Join(',', addresses.Select(list => $$"""{"addresses":[{{list}}]}"""));
        return Service.NodesOf(JsonDocument.Parse(
            $$"""{"addressType":"{{addressType}}","ports":{{portList}},"endpoints":[{{endpoints}}]}""").RootElement);
    }
}

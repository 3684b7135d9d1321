using System.Globalization;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Packaging;

/// <summary>The image, with nothing in it but the executable and its libraries.</summary>
public sealed class ImageTests : EndToEndTest
{
    private const int Port = 8081;
    private const int AdminPort = 8082;
    private const long BytesMax = 40_000_000;

    [SetUp]
    public void Find_the_image()
    {
        if (Container.Image is null)
        {
            Assert.Ignore("needs root, the image and a network of its own: ./build.sh test-image");
        }
    }

    [Test]
    public async Task It_is_small_and_its_process_is_not_root()
    {
        string bytes = await Container.InspectImageAsync("{{.Size}}");

        await TestContext.Out.WriteLineAsync($"{bytes} bytes");
        Assert.That(long.Parse(bytes, CultureInfo.InvariantCulture), Is.AtMost(BytesMax));
        Assert.That(await Container.InspectImageAsync("{{.User}}"), Is.EqualTo("65532:65532"));
    }

    [Test]
    public async Task It_answers_calls_and_is_healthy_until_it_drains()
    {
        ScriptedNode node = StartNode(SteadyLoad.EchoAsync);
        using AdminClient admin = new(AdminPort);
        Container container = Own(await Container.StartAsync($"-nodes={node.Address}", "-drain-delay=1m"));
        await Eventually.HoldsAsync(container.IsHealthyAsync, "it is healthy");
        await admin.WaitForStateAsync(node.Address, "online");
        using RawClient client = await RawClient.ConnectAsync(Port);
        WireResponse answer = await client.GetAsync("/r/app/f");

        await container.SignalAsync("TERM");
        await Eventually.HoldsAsync(async () => !await container.IsHealthyAsync(), "it drains");
        await container.SignalAsync("TERM");
        await Eventually.HoldsAsync(
            async () => await container.InspectAsync("{{.State.Running}}") == "false", "it has ended");

        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, "/r/app/f")));
        Assert.That(await container.InspectAsync("{{.State.ExitCode}}"), Is.EqualTo("0"), await container.LogAsync());
    }

    [Test]
    public async Task It_has_what_TLS_needs()
    {
        using LoopbackCertificate certificate = new();
        await File.WriteAllTextAsync(Folder.In("certificate.pem"), certificate.Pem);
        await File.WriteAllTextAsync(Folder.In("key.pem"), certificate.KeyPem);
        await Shell.RunAsync("chmod", "755", Folder.Path);

        CommandResult result = await Container.CommandAsync(
            Folder.Path, "check", "-admin-tls-cert=/mounted/certificate.pem", "-admin-tls-key=/mounted/key.pem");

        Assert.That(result.Code, Is.Zero, result.Output);
    }
}

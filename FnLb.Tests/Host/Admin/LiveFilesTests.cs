using System.Text;
using FnLb.Host.Admin;
using FnLb.Host.Lifecycle;
using Microsoft.Extensions.Time.Testing;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Host.Admin;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LiveFilesTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _told = [];

    private string FilePath => _folder.In("secret");

    public void Dispose() => _folder.Dispose();

    [Test]
    public void A_secret_that_changes_by_the_target_of_a_link_is_read_again()
    {
        foreach (string version in (string[])["first", "second"])
        {
            string target = Directory.CreateDirectory(_folder.In(version)).FullName;
            File.WriteAllText(Path.Combine(target, "secret"), version);
        }

        string data = _folder.In("..data");
        File.CreateSymbolicLink(data, "first");
        File.CreateSymbolicLink(FilePath, "..data/secret");
        LiveFiles<string> files = Open();
        File.Delete(data);
        File.CreateSymbolicLink(data, "second");
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(files.Current(), Is.EqualTo("second"));
    }

    [Test]
    public void A_file_that_is_older_than_the_one_before_is_read_again()
    {
        File.WriteAllText(FilePath, "before");
        LiveFiles<string> files = Open();
        File.WriteAllText(FilePath, "copied");
        File.SetLastWriteTimeUtc(FilePath, DateTime.UtcNow.AddYears(-1));

        Assert.That(files.Current(), Is.EqualTo("before"), "within a second");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(files.Current(), Is.EqualTo("copied"));
    }

    [Test]
    public void What_cannot_be_read_is_told_once_leaves_the_one_before_and_is_tried_again()
    {
        File.WriteAllText(FilePath, "before");
        LiveFiles<string> files = Open();
        File.Move(FilePath, FilePath + ".away");
        List<string> seen = [];
        for (int second = 0; second < 3; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            seen.Add(files.Current());
        }

        File.WriteAllText(FilePath + ".away", "after");
        File.Move(FilePath + ".away", FilePath);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(seen, Is.All.EqualTo("before"));
        Assert.That(files.Current(), Is.EqualTo("after"));
        Assert.That(_told, Has.Count.EqualTo(2));
        Assert.That(_told[0], Does.StartWith("refused: ").And.Contain(FilePath));
        Assert.That(_told[1], Is.EqualTo("taken: after"));
    }

    [Test]
    public void A_broken_file_leaves_the_one_before_and_is_no_start()
    {
        File.WriteAllText(FilePath, "before");
        LiveFiles<string> files = Open();
        File.WriteAllText(FilePath, "broken");

        files.LookNow();

        Assert.That(files.Current(), Is.EqualTo("before"));
        Assert.That(_told, Is.EqualTo(new[] { "refused: it is broken" }));
        Assert.That(Open, Throws.InstanceOf<StartException>().With.Message.EqualTo("it is broken"));
    }

    [Test]
    public void A_look_that_is_asked_for_does_not_wait_and_finds_each_change_once()
    {
        File.WriteAllText(FilePath, "before");
        LiveFiles<string> files = Open();
        File.WriteAllText(FilePath, "after");

        files.LookNow();
        files.LookNow();

        Assert.That(files.Current(), Is.EqualTo("after"));
        Assert.That(_told, Is.EqualTo(new[] { "taken: after" }));
    }

    [Test]
    public void The_mark_of_UTF_8_before_a_text_is_no_part_of_it()
    {
        File.WriteAllText(FilePath, "token", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        Assert.That(Open().Current(), Is.EqualTo("token"));
    }

    private LiveFiles<string> Open() => new([FilePath], Parse, _time)
    {
        Taken = value => _told.Add($"taken: {value}"),
        Refused = error => _told.Add($"refused: {error}"),
    };

    private string Parse(IReadOnlyDictionary<string, string> texts) =>
        texts[FilePath] == "broken" ? throw new InvalidDataException("it is broken") : texts[FilePath];
}

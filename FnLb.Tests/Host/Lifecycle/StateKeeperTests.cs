using FnLb.Host.Lifecycle;
using FnLb.Tests.Harness;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace FnLb.Tests.Host.Lifecycle;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StateKeeperTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private readonly RecordedLog _log = new();
    private readonly TestFolder _folder = new();
    private int _asked;

    private string FilePath => _folder.In("state.json");

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task What_is_known_is_written_again_and_again_so_that_a_killed_process_leaves_it_too()
    {
        using CancellationTokenSource end = new();
        Task keeping = Keeper(FilePath).RunAsync(end.Token);
        int first = StateFile.Read(FilePath, _time, _log)!.CallsCut;

        _time.Advance(StateKeeper.Interval);
        await Eventually.HoldsAsync(() => StateFile.Read(FilePath, _time, _log)!.CallsCut == 2, "it is written again");
        await end.CancelAsync();
        await keeping;

        Assert.That(first, Is.EqualTo(1));
        Assert.That(StateKeeper.Interval, Is.LessThan(StateFile.AgeMax), "or the last one is too old to be used");
    }

    [Test]
    public void A_failure_is_logged_once_until_it_is_another()
    {
        StateKeeper keeper = Keeper(_folder.In("missing/state.json"));

        keeper.Write();
        keeper.Write();

        Assert.That(_log.Lines, Has.Count.EqualTo(1));
    }

    [Test]
    public void Without_a_path_nothing_is_asked()
    {
        Keeper("").Write();
        Assert.That(_asked, Is.Zero);
    }

    private StateKeeper Keeper(string path) => new(
        () => path, () => new ServiceState { TakenAt = _time.GetUtcNow(), CallsCut = ++_asked }, _time, _log);
}

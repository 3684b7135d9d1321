using FnLb.Host.Demo;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace FnLb.Tests.Demo;

/// <summary>The model behind sample nodes, on a clock that the tests move.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ContainerPoolTests
{
    private static readonly SampleFunction F = new("/r/app/f") { ColdStart = TimeSpan.FromMilliseconds(400) };
    private static readonly SampleFunction G = new("/r/app/g") { ColdStart = TimeSpan.FromMilliseconds(300) };

    private readonly FakeTimeProvider _time = new();

    [Test]
    public async Task The_first_call_waits_for_a_container_and_the_next_does_not()
    {
        ContainerPool pool = Pool(slots: 2);

        Task<ContainerLease> first = Enter(pool, F);
        bool startedEarly = first.IsCompleted;
        Advance(400);
        using (ContainerLease lease = await first)
        {
            Assert.That((lease.Kind, lease.Wait), Is.EqualTo((AdmissionKind.Cold, TimeSpan.FromMilliseconds(400))));
        }

        using ContainerLease second = await Enter(pool, F);
        Assert.That(startedEarly, Is.False);
        Assert.That((second.Kind, second.Wait), Is.EqualTo((AdmissionKind.Warm, TimeSpan.Zero)));
        Assert.That(pool.Counts.Launches, Is.EqualTo(1));
    }

    [Test]
    public async Task A_container_that_gets_free_serves_a_waiting_call_before_its_own_has_started()
    {
        ContainerPool pool = Pool(slots: 2);
        ContainerLease first = await WarmAsync(pool, F);

        Task<ContainerLease> waiting = Enter(pool, F);
        Advance(100);
        first.Dispose();

        using ContainerLease lease = await waiting;
        Assert.That((lease.Kind, lease.Wait), Is.EqualTo((AdmissionKind.Queued, TimeSpan.FromMilliseconds(100))));
        Assert.That(pool.Counts, Has.Property("Launches").EqualTo(2).And.Property("Containers").EqualTo(2));
    }

    [Test]
    public async Task Where_there_is_memory_idle_containers_of_all_functions_are_kept()
    {
        ContainerPool pool = Pool(slots: 1, containersPerSlot: 2);
        (await WarmAsync(pool, F)).Dispose();
        (await WarmAsync(pool, G)).Dispose();

        using ContainerLease lease = await Enter(pool, F);

        Assert.That(lease.Kind, Is.EqualTo(AdmissionKind.Warm));
        Assert.That(pool.Counts, Has.Property("Launches").EqualTo(2).And.Property("Evictions").EqualTo(0));
    }

    [Test]
    public async Task An_idle_container_waits_for_a_slot_when_all_run_something()
    {
        ContainerPool pool = Pool(slots: 1, containersPerSlot: 2);
        (await WarmAsync(pool, F)).Dispose();
        ContainerLease running = await WarmAsync(pool, G);

        Task<ContainerLease> waiting = Enter(pool, F);
        Advance(100);
        bool startedEarly = waiting.IsCompleted;
        running.Dispose();

        using ContainerLease lease = await waiting;
        Assert.That(startedEarly, Is.False);
        Assert.That((lease.Kind, lease.Wait), Is.EqualTo((AdmissionKind.Queued, TimeSpan.FromMilliseconds(100))));
        Assert.That(pool.Counts.Launches, Is.EqualTo(2));
    }

    [Test]
    public async Task The_longest_idle_container_makes_room_when_all_slots_are_taken()
    {
        ContainerPool pool = Pool(slots: 2);
        (await WarmAsync(pool, F)).Dispose();
        ContainerLease busy = await WarmAsync(pool, G);

        Task<ContainerLease> other = Enter(pool, new SampleFunction("/r/app/h"));
        Advance(400);

        Assert.That((await other).Kind, Is.EqualTo(AdmissionKind.Cold));
        Assert.That(pool.Counts, Has.Property("Evictions").EqualTo(1).And.Property("Containers").EqualTo(2));
        busy.Dispose();
        Assert.That((await Enter(pool, G)).Kind, Is.EqualTo(AdmissionKind.Warm), "the busy one stayed");
    }

    [Test]
    public async Task A_call_that_finds_all_slots_busy_waits_until_one_is_left()
    {
        ContainerPool pool = Pool(slots: 1);
        ContainerLease busy = await WarmAsync(pool, F);

        Task<ContainerLease> other = Enter(pool, G);
        Advance(1000);
        busy.Dispose();
        bool startedEarly = other.IsCompleted;
        Advance(300);

        Assert.That(startedEarly, Is.False);
        Assert.That((await other).Wait, Is.EqualTo(TimeSpan.FromMilliseconds(1300)));
    }

    [Test]
    public async Task A_call_that_waits_too_long_is_told_that_the_node_is_busy_and_is_not_run()
    {
        ContainerPool pool = Pool(slots: 1);
        ContainerLease busy = await WarmAsync(pool, F);

        Task<ContainerLease> other = Enter(pool, G);
        Advance(15_000);

        Assert.That((await other).Kind, Is.EqualTo(AdmissionKind.Busy));
        busy.Dispose();
        Assert.That(pool.Counts, Has.Property("Busy").EqualTo(1).And.Property("Launches").EqualTo(1));
    }

    [Test]
    public async Task A_call_beyond_the_queue_is_told_at_once()
    {
        ContainerPool pool = Pool(slots: 1, queueMax: 1);
        using ContainerLease busy = await WarmAsync(pool, F);
        _ = Enter(pool, G);

        Assert.That((await Enter(pool, G)).Kind, Is.EqualTo(AdmissionKind.Busy));
    }

    [Test]
    public async Task An_idle_container_ends_after_the_idle_timeout_of_its_function()
    {
        ContainerPool pool = Pool(slots: 2);
        (await WarmAsync(pool, F)).Dispose();

        Advance(29_000);
        (await Enter(pool, F)).Dispose();
        Advance(29_000);
        int kept = pool.Counts.Containers;
        Advance(1_000);

        Assert.That((kept, pool.Counts.Containers), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task A_caller_that_leaves_the_queue_takes_no_container()
    {
        ContainerPool pool = Pool(slots: 1);
        using ContainerLease busy = await WarmAsync(pool, F);
        using CancellationTokenSource caller = new();

        Task<ContainerLease> waiting = pool.EnterAsync(G, caller.Token);
        await caller.CancelAsync();

        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(pool.Counts.Waiting, Is.Zero);
    }

    [Test]
    public void As_many_containers_start_as_calls_wait_and_no_more()
    {
        ContainerPool pool = Pool(slots: 8);

        _ = Enter(pool, F);
        _ = Enter(pool, F);
        _ = Enter(pool, G);

        Assert.That(pool.Counts, Has.Property("Launches").EqualTo(3).And.Property("Waiting").EqualTo(3));
    }

    [TestCase(0, "0s")]
    [TestCase(300, "300µs")]
    [TestCase(502_094.1, "502.0941ms")]
    [TestCase(1_500_000, "1.5s")]
    [TestCase(123_500_000, "2m3.5s")]
    public void A_wait_is_written_as_Go_writes_it(double microseconds, string text) =>
        Assert.That(GoDurationText.Format(TimeSpan.FromMicroseconds(microseconds)), Is.EqualTo(text));

    private static Task<ContainerLease> Enter(ContainerPool pool, SampleFunction function) =>
        pool.EnterAsync(function, CancellationToken.None);

    private async Task<ContainerLease> WarmAsync(ContainerPool pool, SampleFunction function)
    {
        Task<ContainerLease> entering = Enter(pool, function);
        _time.Advance(function.ColdStart);
        return await entering;
    }

    private void Advance(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    private ContainerPool Pool(int slots, int queueMax = 100, int containersPerSlot = 1)
    {
        SampleNodeOptions options = new()
        {
            Functions = [F, G],
            Slots = slots,
            ContainersPerSlot = containersPerSlot,
            QueueMax = queueMax,
            Jitter = 0,
        };
        return new ContainerPool(options, _time);
    }
}

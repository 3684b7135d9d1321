using System.Diagnostics;
using FnLb.Core.Transport;

namespace FnLb.Benchmarks.Drive;

/// <summary>Runs steps of load, one after the other.</summary>
/// <param name="report">Told about five times a second how the step goes.</param>
internal sealed class DriveRun(DrivePlan plan, Action<DriveProgress> report)
{
    private const int IntervalsMax = 600;
    private static readonly TimeSpan StartDelay = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(200);

    private double _secondsBefore;

    /// <summary>Runs a step to its end; the caller's thread waits.</summary>
    /// <returns>Null when it was stopped before anything was measured.</returns>
    public StepResult? Run(DriveStep step, CancellationToken stop)
    {
        int intervals = (int)double.Clamp(plan.Duration.TotalSeconds, 1, IntervalsMax);
        long start = EventLoop.ReadNanoseconds() + ((long)StartDelay.TotalMilliseconds * 1_000_000);
        DriveWorker[] workers = [.. Enumerable.Range(0, plan.Threads)
            .Select(number => new DriveWorker(plan, step, number, start, intervals))];
        Thread[] threads = [.. workers.Select((worker, number) =>
            new Thread(worker.Run) { Name = $"load {number}", IsBackground = true })];
        TimeSpan cpuBefore = Process.GetCurrentProcess().TotalProcessorTime;
        try
        {
            foreach (Thread thread in threads)
            {
                thread.Start();
            }

            using (stop.Register(() => Array.ForEach(workers, worker => worker.Stop())))
            {
                Watch(step, workers, threads, start);
            }

            TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime - cpuBefore;
            double seconds = workers.Max(worker => worker.MeasuredSeconds);
            StepResult? result = seconds > 0 ? Sum(step, workers, seconds, cpu) : null;
            _secondsBefore += seconds;
            return result;
        }
        finally
        {
            foreach (DriveWorker worker in workers)
            {
                worker.Dispose();
            }
        }
    }

    private void Watch(DriveStep step, DriveWorker[] workers, Thread[] threads, long start)
    {
        TimeSpan whole = plan.WarmUp + plan.Duration;
        long answersBefore = 0;
        long reported = Stopwatch.GetTimestamp();
        foreach (Thread thread in threads)
        {
            while (!thread.Join(ReportInterval))
            {
                long answers = workers.Sum(worker => worker.Tally.Answers);
                double seconds = Stopwatch.GetElapsedTime(reported).TotalSeconds;
                reported = Stopwatch.GetTimestamp();
                report(new DriveProgress(
                    step,
                    TimeSpan.FromMilliseconds((EventLoop.ReadNanoseconds() - start) / 1e6),
                    whole,
                    (answers - answersBefore) / seconds,
                    workers.Sum(worker => worker.Tally.Failures)));
                answersBefore = answers;
            }
        }
    }

    private StepResult Sum(DriveStep step, DriveWorker[] workers, double seconds, TimeSpan cpu)
    {
        StepTally[] tallies = [.. workers.Select(worker => worker.Tally)];
        LatencyCounts all = new();
        List<IntervalResult> intervals = [];
        int count = tallies[0].Intervals.Count;
        double length = plan.Duration.TotalSeconds / count;
        for (int index = 0; index < count && index * length < seconds; index++)
        {
            LatencyCounts latencies = new();
            foreach (StepTally tally in tallies)
            {
                latencies.Add(tally.Intervals[index].Latencies);
            }

            all.Add(latencies);
            intervals.Add(new IntervalResult(
                _secondsBefore + (index * length),
                tallies.Sum(tally => tally.Intervals[index].Arrivals) / double.Min(length, seconds - (index * length)),
                latencies.QuantileMilliseconds(0.5),
                latencies.QuantileMilliseconds(0.99),
                tallies.Sum(tally => tally.Intervals[index].Errors)));
        }

        LatencyCounts lateness = new();
        foreach (DriveWorker worker in workers)
        {
            lateness.Add(worker.Lateness);
        }

        return new StepResult
        {
            Connections = step.Connections,
            Rate = step.Rate,
            Seconds = seconds,
            Answers = tallies.Sum(tally => tally.Statuses.Sum()),
            AnswersWithWarmUp = tallies.Sum(tally => tally.Answers),
            AnswersPerSecond = tallies.Sum(tally => tally.Intervals.Sum(interval => interval.Arrivals)) / seconds,
            AnswersAfterEnd = tallies.Sum(tally => tally.AnswersAfterEnd),
            Unsent = tallies.Sum(tally => tally.Unsent),
            BytesReceived = tallies.Sum(tally => tally.BytesReceived),
            Statuses = Named(tallies.Select(tally => tally.Statuses), status => $"{status}"),
            Errors = Named(tallies.Select(tally => tally.Errors), error => Name((CallError)error)),
            MeanMilliseconds = all.MeanMilliseconds,
            MaxMilliseconds = all.MaxMilliseconds,
            CurveMilliseconds = [.. Percentiles.Curve.Select(share => all.QuantileMilliseconds(share / 100))],
            Intervals = intervals,
            GeneratorCpuMicroseconds = cpu.TotalMicroseconds / long.Max(tallies.Sum(tally => tally.Answers), 1),
            GeneratorLateP99Milliseconds = lateness.QuantileMilliseconds(0.99) ?? 0,
        };
    }

    private static Dictionary<string, long> Named(IEnumerable<IReadOnlyList<long>> counts, Func<int, string> name)
    {
        IReadOnlyList<long>[] all = [.. counts];
        return Enumerable.Range(0, all[0].Count)
            .Select(index => (index, sum: all.Sum(one => one[index])))
            .Where(pair => pair.sum > 0)
            .ToDictionary(pair => name(pair.index), pair => pair.sum);
    }

    private static string Name(CallError error) => error switch
    {
        CallError.Connect => "connect",
        CallError.Lost => "lost",
        CallError.Timeout => "timeout",
        CallError.Invalid => "invalid",
        _ => throw new UnreachableException(),
    };
}

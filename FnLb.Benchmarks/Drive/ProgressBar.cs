using System.Globalization;

namespace FnLb.Benchmarks.Drive;

/// <summary>One line of a terminal that is written over and over.</summary>
internal sealed class ProgressBar(TextWriter terminal)
{
    private const int Cells = 30;
    private const string ToLineStartAndClear = "\r\e[K";

    public void Show(DriveProgress progress) => terminal.Write(ToLineStartAndClear + Line(progress));

    public void Clear() => terminal.Write(ToLineStartAndClear);

    /// <summary>The line without the control characters around it.</summary>
    public static string Line(DriveProgress progress)
    {
        double share = double.Clamp(progress.Elapsed / progress.Whole, 0, 1);
        int done = (int)(share * Cells);
        string bar = new string('=', done) + new string(' ', Cells - done);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"[{bar}] {share:0%}  {progress.Step.Connections} connections  {progress.AnswersPerSecond:N0} answers/s"
                + $"  {progress.Errors:N0} errors");
    }
}

using Spectre.Console;

namespace FnLb.Host.Operator;

/// <summary>One column of a table of <c>fnlb top</c>, beside the first, which has the name.</summary>
/// <param name="Width">In characters, without the space before it.</param>
/// <param name="Value">Short enough; more is cut.</param>
internal sealed record TopColumn<T>(string Header, int Width, Func<T, string> Value)
{
    public Justify Alignment { get; init; } = Justify.Right;

    /// <summary>Whether a value needs the operator's eye.</summary>
    public Func<T, bool> IsAlarming { get; init; } = _ => false;
}

using System.Globalization;
using System.Text;

namespace FnLb.Tests.Harness;

/// <summary>An answer, complete by its own framing.</summary>
internal sealed record WireResponse(WireHead Head, byte[] Body, IReadOnlyList<WireField> Trailers)
{
    public int Status => int.Parse(Head.Second, CultureInfo.InvariantCulture);

    public string Text => Encoding.Latin1.GetString(Body);

    public override string ToString() => $"{Head.StartLine} ({Body.Length} bytes) {Text[..Math.Min(Body.Length, 200)]}";
}

using System.Text;
using FnLb.Core.Http1;
using NUnit.Framework;

namespace FnLb.Tests.Http1;

/// <summary>Drives a chunk reader over a body that arrives in pieces.</summary>
internal static class ChunkedBody
{
    /// <param name="pieces">Lengths that add up to the wire's.</param>
    public static (ChunkStep Last, string Body, Rejection Rejection) Read(byte[] wire, IReadOnlyList<int> pieces)
    {
        StringBuilder body = new();
        ChunkReader reader = default;
        int start = 0;
        foreach (int piece in pieces)
        {
            ReadOnlySpan<byte> rest = wire.AsSpan(start, piece);
            start += piece;
            while (!rest.IsEmpty)
            {
                ChunkStep step = reader.Next(rest, out int consumed, out Slice data, out Rejection rejection);
                body.Append(Wire.Text(data.Of(rest)));
                if (step is ChunkStep.Trailers or ChunkStep.Rejected)
                {
                    return (step, body.ToString(), rejection);
                }

                Assert.That(consumed, Is.Positive, "A step that does not end the body moves on.");
                rest = rest[consumed..];
            }
        }

        return (ChunkStep.NeedMore, body.ToString(), Rejection.None);
    }
}

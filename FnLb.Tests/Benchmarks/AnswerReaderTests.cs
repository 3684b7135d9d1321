using System.Text;
using FnLb.Benchmarks.Drive;
using FnLb.Core.Http1;
using NUnit.Framework;

namespace FnLb.Tests.Benchmarks;

/// <summary>Where answers end, however they are cut on the way.</summary>
public sealed class AnswerReaderTests
{
    private const string Two =
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
        + "HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        + "4;a=b\r\nbusy\r\n0\r\nX-Late: 1\r\n\r\n";

    [Test]
    public void Two_answers_end_where_they_end_in_pieces_of_any_size([Range(1, 40)] int pieceBytes)
    {
        byte[] wire = Encoding.ASCII.GetBytes(Two);
        AnswerReader reader = Reader();
        List<int> statuses = [];
        int place = 0;
        while (place < wire.Length)
        {
            ReadOnlySpan<byte> piece = wire.AsSpan(place, int.Min(pieceBytes, wire.Length - place));
            AnswerStep step = reader.Read(piece, out int consumed);
            place += consumed;
            if (step == AnswerStep.Ended)
            {
                statuses.Add(reader.Status);
                Assert.That(place, Is.EqualTo(statuses.Count == 1 ? Two.IndexOf("HTTP/1.1 503") : Two.Length));
            }
            else
            {
                Assert.That(step, Is.EqualTo(AnswerStep.NeedsMore));
                Assert.That(consumed, Is.EqualTo(piece.Length));
            }
        }

        Assert.That(statuses, Is.EqualTo((int[])[200, 503]));
        Assert.That(reader.KeepsAlive, Is.False);
    }

    [Test]
    public void An_answer_without_a_length_ends_with_the_connection()
    {
        AnswerReader reader = Reader();
        AnswerStep step = reader.Read("HTTP/1.0 200 OK\r\n\r\nsome"u8, out int consumed);

        Assert.That((step, consumed), Is.EqualTo((AnswerStep.NeedsMore, 23)));
        Assert.That(reader.EndsWithConnection, Is.True);
    }

    [Test]
    public void What_is_no_answer_is_invalid()
    {
        Assert.That(Reader().Read("SSH-2.0-x\r\n\r\n"u8, out _), Is.EqualTo(AnswerStep.Invalid));
    }

    private static AnswerReader Reader() => new(new ResponseHead(new HeadLimits()), RequestMethod.Get);
}

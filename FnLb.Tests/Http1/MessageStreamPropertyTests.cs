using System.Text;
using CsCheck;
using FnLb.Core.Http1;
using NUnit.Framework;

namespace FnLb.Tests.Http1;

/// <summary>Pipelined messages come out one by one, however the bytes were cut and merged on their way.</summary>
public sealed class MessageStreamPropertyTests
{
    private static readonly Gen<(string Wire, string Seen)> Message = Gen.Select(
        Gen.OneOfConst("GET", "POST", "HEAD", "FOOBAR"),
        Gen.Char["ab%?/"].Array[0, 10].Select(characters => "/" + new string(characters)),
        Gen.Char["ab\r\n0:\u00ff "].Array[0, 30].Select(characters => new string(characters)),
        Gen.OneOfConst(BodyFraming.None, BodyFraming.Length, BodyFraming.Chunked),
        Gen.OneOfConst("", "\r\n"),
        Gen.OneOfConst("", "X-Trailer: y\r\n"),
        (method, path, body, framing, before, trailers) =>
        {
            string start = $"{before}{method} {path} HTTP/1.1\r\nHost: a\r\n";
            string seen = $"{method} {path} {(framing == BodyFraming.None ? "" : body)}";
            return framing switch
            {
                BodyFraming.None => (start + "\r\n", seen),
                BodyFraming.Length => ($"{start}Content-Length: {body.Length}\r\n\r\n{body}", seen),
                _ => ($"{start}Transfer-Encoding: chunked\r\n\r\n{Chunks(body)}0\r\n{trailers}\r\n", seen),
            };
        });

    private static readonly Gen<((string Wire, string Seen)[], int[])> MessagesInPieces =
        Gen.Select(Message.Array[1, 5], Gen.Int[1, 40].Array[0, 60]);

    [Test]
    public void Pipelined_messages_cut_anywhere_are_read_in_order() => MessagesInPieces.Sample((messages, cuts) =>
    {
        byte[] wire = Wire.Bytes(string.Concat(messages.Select(message => message.Wire)));
        MessageStream stream = new();
        int start = 0;
        foreach (int cut in cuts.Append(wire.Length))
        {
            int end = int.Min(wire.Length, start + cut);
            stream.Receive(wire.AsSpan(start, end - start));
            start = end;
        }

        Assert.That(stream.Seen, Is.EqualTo(messages.Select(message => message.Seen)));
    }, iter: 5_000);

    private static string Chunks(string body) =>
        string.Concat(body.Chunk(3).Select(part => $"{part.Length:x};a=\"\\\"\"\r\n{new string(part)}\r\n"));

    /// <summary>The way a connection uses the parsers: what was not consumed is offered again with more.</summary>
    private sealed class MessageStream
    {
        private readonly RequestHead _head = new(Wire.Limits);
        private readonly FieldTable _trailers = new(Wire.Limits);
        private readonly StringBuilder _body = new();
        private byte[] _pending = [];
        private ChunkReader _chunks;
        private long _bytesLeft;
        private Part _part;

        public List<string> Seen { get; } = [];

        public void Receive(ReadOnlySpan<byte> bytes)
        {
            _pending = [.. _pending, .. bytes];
            while (Advance() is int consumed and > 0)
            {
                _pending = _pending[consumed..];
            }
        }

        /// <returns>Bytes consumed, 0 when more are needed.</returns>
        private int Advance() => _part switch
        {
            Part.Head => AdvanceHead(),
            Part.Sized => AdvanceSized(),
            Part.Chunks => AdvanceChunks(),
            _ => AdvanceTrailers(),
        };

        private int AdvanceHead()
        {
            ParseStatus status = RequestHeadParser.TryParse(_pending, Wire.Limits, _head, out Rejection rejection);
            Assert.That(rejection, Is.EqualTo(Rejection.None));
            if (status != ParseStatus.Complete)
            {
                return 0;
            }

            _body.Append(Wire.Text(_head.MethodText.Of(_pending))).Append(' ');
            _body.Append(Wire.Text(_head.PathAndQuery.Of(_pending))).Append(' ');
            _bytesLeft = _head.ContentLength;
            _chunks = default;
            _part = _head.Framing == BodyFraming.Chunked ? Part.Chunks : Part.Sized;
            EndWhen(_part == Part.Sized && _bytesLeft == 0);
            return _head.Length;
        }

        private int AdvanceSized()
        {
            int count = (int)long.Min(_bytesLeft, _pending.Length);
            _body.Append(Wire.Text(_pending.AsSpan(0, count)));
            _bytesLeft -= count;
            EndWhen(_bytesLeft == 0);
            return count;
        }

        private int AdvanceChunks()
        {
            ChunkStep step = _chunks.Next(_pending, out int consumed, out Slice data, out Rejection rejection);
            Assert.That(rejection, Is.EqualTo(Rejection.None));
            _body.Append(Wire.Text(data.Of(_pending)));
            _part = step == ChunkStep.Trailers ? Part.Trailers : Part.Chunks;
            return consumed;
        }

        private int AdvanceTrailers()
        {
            ParseStatus status = TrailerParser.TryParse(_pending, Wire.Limits, _trailers, out int length, out _);
            EndWhen(status == ParseStatus.Complete);
            return status == ParseStatus.Complete ? length : 0;
        }

        private void EndWhen(bool isEnd)
        {
            if (isEnd)
            {
                Seen.Add(_body.ToString());
                _body.Clear();
                _part = Part.Head;
            }
        }

        private enum Part
        {
            Head,
            Sized,
            Chunks,
            Trailers,
        }
    }
}

using System.Buffers;
using CsCheck;
using FnLb.Core.Http1;
using Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http;
using NUnit.Framework;

namespace FnLb.Tests.Http1;

/// <summary>Every head that is accepted here means the same to Kestrel's own parser.</summary>
public sealed class KestrelDifferentialTests
{
    // A mutated head is rarely comparable: looking for one must not end in a failure of the search.
    [OneTimeSetUp]
    public void LookLongEnough() => Check.WhereLimit = 100_000;

    [Test]
    public void Kestrel_reads_an_accepted_head_alike() => Heads.Mutated.Where(IsComparable).Sample(text =>
    {
        ParsedRequest request = ParsedRequest.Of(text);
        KestrelHandler kestrel = new();
        HttpParser<KestrelHandler> parser = new(showErrorDetails: true);
        SequenceReader<byte> reader = new(new ReadOnlySequence<byte>(request.Input));
        Assert.That(parser.ParseRequestLine(kestrel, ref reader) && parser.ParseHeaders(kestrel, ref reader));
        Assert.That(reader.Consumed, Is.EqualTo(request.Head.Length));
        Assert.That(kestrel.Method, Is.EqualTo(request.Text(request.Head.MethodText)));
        Assert.That(kestrel.IsHttp10, Is.EqualTo(request.Head.IsHttp10));
        Assert.That(kestrel.Target, Does.EndWith(request.Text(request.Head.PathAndQuery)));
        Assert.That(kestrel.Fields, Is.EqualTo(request.Fields));
    }, iter: 5_000);

    // Kestrel knows no minor version above 1, and leaves empty lines before a request to its caller.
    private static bool IsComparable(string text)
    {
        ParsedRequest request = ParsedRequest.Of(text);
        bool isKnownVersion = request.Head.IsHttp10 || text.Contains(" HTTP/1.1\r\n", StringComparison.Ordinal);
        return request.Status == ParseStatus.Complete && isKnownVersion && text[0] != '\r';
    }

    private sealed class KestrelHandler : IHttpRequestLineHandler, IHttpHeadersHandler
    {
        public string Method { get; private set; } = "";

        public string Target { get; private set; } = "";

        public bool IsHttp10 { get; private set; }

        public List<(string, string)> Fields { get; } = [];

        public void OnStartLine(
            HttpVersionAndMethod versionAndMethod, TargetOffsetPathLength targetPath, Span<byte> startLine)
        {
            Method = Wire.Text(startLine[..versionAndMethod.MethodEnd]);
            Target = Wire.Text(startLine[targetPath.Offset..]);
            IsHttp10 = versionAndMethod.Version == HttpVersion.Http10;
        }

        public void OnHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
            Fields.Add((Wire.Text(name), Wire.Text(value)));

        public void OnHeadersComplete(bool endStream)
        {
        }

        public void OnStaticIndexedHeader(int index) => throw new NotSupportedException("HTTP/2 only.");

        public void OnStaticIndexedHeader(int index, ReadOnlySpan<byte> value) =>
            throw new NotSupportedException("HTTP/2 only.");
    }
}

using System.IO.Pipelines;
using System.Net.Security;

namespace FnLb.Host.Admin;

/// <summary>What Kestrel reads and writes of a connection once TLS is agreed on.</summary>
internal sealed class SecuredTransport(SslStream stream) : IDuplexPipe
{
    public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));

    public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
}

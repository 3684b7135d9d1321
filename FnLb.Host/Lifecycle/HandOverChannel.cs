using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text.Json;

namespace FnLb.Host.Lifecycle;

/// <summary>What a balancer and its successor say to each other; either notices when the other has gone.</summary>
/// <remarks>
/// The successor says its process id; the predecessor answers with the state, as its length and JSON. The successor
/// says (a byte) that it is ready; the predecessor lets it begin, with the node list where no store has that. Then a
/// byte each way: the successor serves; the predecessor has stepped back, and says whether it was asked to stop before,
/// which is then for the successor to do. The connection stays open until one of them ends; before that the predecessor
/// may say how many calls its drain has cut.
/// </remarks>
internal sealed class HandOverChannel(Socket socket) : IDisposable
{
    private const int StateBytesMax = 64 * 1024 * 1024;
    private const byte Done = (byte)'.';
    private const byte List = (byte)'L';
    private const byte Stop = (byte)'S';

    private readonly NetworkStream _stream = new(socket, ownsSocket: true);

    /// <exception cref="IOException">The other side has gone.</exception>
    public async Task SendNumberAsync(int number, CancellationToken cancellation)
    {
        byte[] bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        await _stream.WriteAsync(bytes, cancellation);
    }

    /// <exception cref="IOException">The other side has gone.</exception>
    public async Task<int> ReadNumberAsync(CancellationToken cancellation)
    {
        byte[] bytes = new byte[sizeof(int)];
        await _stream.ReadExactlyAsync(bytes, cancellation);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }

    public async Task SendStateAsync(ServiceState state, CancellationToken cancellation)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(state, StateJson.Default.ServiceState);
        byte[] length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, json.Length);
        await _stream.WriteAsync(length, cancellation);
        await _stream.WriteAsync(json, cancellation);
    }

    /// <returns>Null for the state of another version, which is of no use.</returns>
    /// <exception cref="IOException">The predecessor has gone, or sends something else.</exception>
    public async Task<ServiceState?> ReadStateAsync(CancellationToken cancellation)
    {
        byte[] length = new byte[sizeof(int)];
        await _stream.ReadExactlyAsync(length, cancellation);
        int bytes = BinaryPrimitives.ReadInt32LittleEndian(length);
        if (bytes is < 0 or > StateBytesMax)
        {
            throw new IOException($"a state of {bytes} bytes was announced");
        }

        byte[] json = new byte[bytes];
        await _stream.ReadExactlyAsync(json, cancellation);
        try
        {
            ServiceState? state = JsonSerializer.Deserialize(json, StateJson.Default.ServiceState);
            return state is { IsReadable: true } ? state : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Lets the successor begin.</summary>
    /// <param name="list">The members as they are from here on; null when a store has them.</param>
    /// <exception cref="IOException">The other side has gone.</exception>
    public async Task SendListAsync(ServiceState? list, CancellationToken cancellation)
    {
        await _stream.WriteAsync(new byte[] { list is null ? Done : List }, cancellation);
        if (list is not null)
        {
            await SendStateAsync(list, cancellation);
        }
    }

    /// <returns>What <see cref="SendListAsync"/> was given.</returns>
    /// <exception cref="IOException">The predecessor has gone.</exception>
    public async Task<ServiceState?> ReadListAsync(CancellationToken cancellation)
    {
        byte[] kind = new byte[1];
        await _stream.ReadExactlyAsync(kind, cancellation);
        return kind[0] == List ? await ReadStateAsync(cancellation) : null;
    }

    /// <summary>This side has done its part.</summary>
    /// <exception cref="IOException">The other side has gone.</exception>
    public async Task SayDoneAsync(CancellationToken cancellation) =>
        await _stream.WriteAsync(new byte[] { Done }, cancellation);

    /// <returns>False when the other side has gone instead.</returns>
    public async Task<bool> WaitForDoneAsync(CancellationToken cancellation)
    {
        byte[] one = new byte[1];
        try
        {
            return await _stream.ReadAsync(one, cancellation) == 1 && one[0] == Done;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The successor is the service from here on.</summary>
    /// <param name="isToStop">Whether the service was asked to stop before.</param>
    /// <exception cref="IOException">The other side has gone.</exception>
    public async Task SayServiceAsync(bool isToStop, CancellationToken cancellation) =>
        await _stream.WriteAsync(new byte[] { isToStop ? Stop : Done }, cancellation);

    /// <returns>What <see cref="SayServiceAsync"/> was given; false too when the predecessor has gone.</returns>
    public async Task<bool> WaitForServiceAsync(CancellationToken cancellation)
    {
        byte[] one = new byte[1];
        try
        {
            return await _stream.ReadAsync(one, cancellation) == 1 && one[0] == Stop;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public void Dispose() => _stream.Dispose();
}

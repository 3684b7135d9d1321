namespace FnLb.Core.Http1;

/// <summary>Writes complete answers of our own in the shape of Fn: <c>{"error":{"message":"…"}}</c>.</summary>
internal static class ErrorResponseWriter
{
    /// <summary>An upper bound on what <see cref="Write"/> writes.</summary>
    public static int MaxBytes(in ErrorResponse response) => throw new NotImplementedException();

    /// <returns>Bytes written.</returns>
    public static int Write(in ErrorResponse response, Span<byte> destination) => throw new NotImplementedException();
}

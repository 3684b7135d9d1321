namespace FnLb.Core.Transport;

/// <summary>An element of an array of objects. An array of a class asks for the type of all that is put into it, one of
/// these does not.</summary>
internal readonly struct Cell<T>(T item)
    where T : class
{
    public T Item { get; } = item;
}

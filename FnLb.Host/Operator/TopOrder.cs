namespace FnLb.Host.Operator;

/// <summary>By what the tables of <c>fnlb top</c> are sorted, most first; names from A on.</summary>
internal enum TopOrder
{
    Calls,
    Time,
    Errors,
    Name,
}

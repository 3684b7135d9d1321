namespace FnLb.Host.Admin;

/// <summary>What a token lets its bearer do.</summary>
internal enum AdminRight
{
    None,
    Read,
    Write,
}

namespace FnLb.Core.Transport;

/// <summary>How the attempt to start a connection went.</summary>
internal enum ConnectResult : byte
{
    /// <summary>It is being made, or has been.</summary>
    Started,

    /// <summary>There is no way from here, or it was refused at once.</summary>
    Unreachable,

    /// <summary>This machine is out of descriptors or memory.</summary>
    NoRoom,

    /// <summary>Every port of this machine has a connection to the same place, or had one until a moment ago.</summary>
    NoPort,
}

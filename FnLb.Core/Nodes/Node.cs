using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace FnLb.Core.Nodes;

/// <summary>A member of the cluster: one object from its adding to its removal, whatever its states.</summary>
/// <remarks>Written by the control plane unless a member says otherwise; every event loop reads it, no lock.</remarks>
public sealed class Node
{
    private static int _lastNumber;

    private readonly byte[] _authority;
    private volatile EndPoint[] _endPoints;
    private volatile NodeFailure? _lastFailure;
    private volatile OperationalState _operational;
    private volatile AdministrativeState _administrative;
    private volatile bool _isHeld;
    private volatile string _note = "";
    private double _weight;
    private double _startShare = 1;
    private PaddedCounter _inFlight;

    public Node(NodeAddress address, AdministrativeState state = AdministrativeState.Active, double weight = 1.0)
    {
        Address = address;
        _authority = Encoding.ASCII.GetBytes(address.Text);
        _weight = weight;
        _endPoints = address.Literal is { } literal ? [literal] : [];
        _administrative = state;
    }

    private Node(EndPoint endPoint)
    {
        _ = NodeAddress.TryParse("admin:1", out NodeAddress address, out _);
        Address = address;
        _authority = Encoding.ASCII.GetBytes(address.Text);
        _weight = 1.0;
        _endPoints = [endPoint];
        _operational = OperationalState.Online;
    }

    /// <summary>
    /// Raised after one of the two states was set, on the thread that set it, which may be an event loop: handlers
    /// return at once.
    /// </summary>
    internal event Action<Node>? StateChanged;

    public NodeAddress Address { get; }

    /// <summary>Names the object in this process, and no other before or after it; above 0. A quicker key than the
    /// object itself.</summary>
    public int Number { get; } = Interlocked.Increment(ref _lastNumber);

    /// <summary>The address as bytes, for a Host field.</summary>
    public ReadOnlySpan<byte> AuthorityText => _authority;

    /// <summary>Share of the route keys relative to other nodes; above 0.</summary>
    public double Weight { get => Volatile.Read(ref _weight); set => Volatile.Write(ref _weight, value); }

    /// <summary>The part of its weight that it has now, above 0 to 1: less while it starts slowly.</summary>
    public double StartShare
    {
        get => Volatile.Read(ref _startShare);
        set => Volatile.Write(ref _startShare, value);
    }

    /// <summary>The weight that decides now.</summary>
    public double RankWeight => Weight * StartShare;

    /// <summary>
    /// Where to connect, in this order; empty while a DNS name has not been resolved. Replaced as a whole, never
    /// written into.
    /// </summary>
#pragma warning disable CA1819 // Loops compare and index it; a copy for each would cost them.
    public EndPoint[] EndPoints { get => _endPoints; set => _endPoints = value; }
#pragma warning restore CA1819

    /// <summary>The first of <see cref="EndPoints"/>: where it answered last.</summary>
    public EndPoint? EndPoint => _endPoints is [EndPoint first, ..] ? first : null;

    /// <summary>Set outright only where nobody else can be changing it; see <see cref="TryChange"/>.</summary>
    public OperationalState Operational
    {
        get => _operational;
        set
        {
            _operational = value;
            StateChanged?.Invoke(this);
        }
    }

    public AdministrativeState Administrative
    {
        get => _administrative;
        set
        {
            _administrative = value;
            StateChanged?.Invoke(this);
        }
    }

    /// <summary>
    /// Timestamp of the directory's clock at which it was asked to drain; null while it is active, and when it never
    /// was here. Under the directory's lock.
    /// </summary>
    internal long? DrainedAt { get; set; }

    /// <summary>What operators want to remember of it.</summary>
    public string Note { get => _note; set => _note = value; }

    /// <summary>What went wrong last, with a check or a connection of a call; null while nothing ever did.</summary>
    public NodeFailure? LastFailure { get => _lastFailure; set => _lastFailure = value; }

    /// <summary>What the calls of this balancer found wrong; every loop writes it.</summary>
    public FaultStreak Streak { get; } = new();

    /// <summary>How long its connections may idle; every loop writes it.</summary>
    public IdleTolerance IdleTolerance { get; } = new();

    /// <summary>
    /// Whether it waits, for a moment, until loops know its <see cref="StartShare"/>; it takes no calls before. Written
    /// by the slow start.
    /// </summary>
    public bool IsHeld { get => _isHeld; set => _isHeld = value; }

    /// <summary>Whether a new call may be placed here.</summary>
    public bool IsPlaceable =>
        _operational == OperationalState.Online && _administrative == AdministrativeState.Active && !_isHeld;

    /// <summary>Calls of this balancer that are at the node now, over all loops.</summary>
    public int InFlight => Volatile.Read(ref _inFlight.Value);

    /// <summary>Stands for the balancer's own admin listener; a member of no cluster, always placeable.</summary>
    public static Node ForAdmin(EndPoint endPoint) => new(endPoint);

    /// <summary>Changes the operational state unless another thread did first. Any thread.</summary>
    /// <remarks>A check and a failing call may judge a node at once: who decided on an old state loses.</remarks>
    public bool TryChange(OperationalState from, OperationalState to)
    {
        if (Interlocked.CompareExchange(ref _operational, to, from) != from)
        {
            return false;
        }

        StateChanged?.Invoke(this);
        return true;
    }

    /// <summary>Counts a call in flight and returns how many there are with it. Any thread.</summary>
    public int Enter() => Interlocked.Increment(ref _inFlight.Value);

    /// <summary>Counts a call out. Any thread.</summary>
    public void Leave() => Interlocked.Decrement(ref _inFlight.Value);

    public override string ToString() => Address.Text;

    // Every loop writes it on every call: on a cache line of its own it does not slow the readers of the states.
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct PaddedCounter
    {
        [FieldOffset(64)]
        public int Value;
    }
}

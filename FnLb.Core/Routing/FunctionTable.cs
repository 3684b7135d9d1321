using System.Numerics;
using System.Runtime.CompilerServices;

namespace FnLb.Core.Routing;

/// <summary>The functions this load balancer keeps estimates for: a bounded number, found by route key.</summary>
/// <remarks>
/// Set-associative, as a processor's cache: a route may be in one of eight places only, so that neither finding nor
/// replacing it takes a lock, a list or an allocation. A route that was called once gives way to the next new one; one
/// that was called again keeps its place until nothing is known of it any more. So a scan over millions of paths passes
/// through without driving out what is in use. Memory is taken as places are first used, and never more.
/// </remarks>
internal sealed class FunctionTable
{
    private const int Ways = 8;

    private readonly ulong[] _routes;
    private readonly Place[] _places;
    private readonly int _setShift;
    private readonly int _keptSeconds;
    private int _extraRanks;

    /// <param name="functionsMax">Rounded up to a power of two of at least 8.</param>
    /// <param name="keptSeconds">For so long after its last call something may be known of a function.</param>
    public FunctionTable(int functionsMax, int keptSeconds)
    {
        int capacity = (int)BitOperations.RoundUpToPowerOf2((uint)int.Max(functionsMax, Ways));
        _routes = new ulong[capacity];
        _places = new Place[capacity];
        _setShift = 64 - BitOperations.Log2((uint)(capacity / Ways));
        _keptSeconds = keptSeconds;
        ExtraRanksMax = 4 * capacity;
    }

    public int Capacity => _places.Length;

    /// <summary>
    /// Ranks beyond the first 8, over all functions: the few functions that spread further share so many.
    /// </summary>
    public int ExtraRanksMax { get; }

    /// <summary>Functions that have a place.</summary>
    public int Count => _places.Count(static place => place.Load is not null);

    /// <summary>The function's estimates, given a place if it has none and there is one.</summary>
    /// <returns>Null when every place the route may have is in use.</returns>
    public FunctionLoad? FindOrAdmit(RouteKey route, int nowSeconds)
    {
        int first = FirstPlace(route);
        ReadOnlySpan<ulong> routes = _routes.AsSpan(first, Ways);
        for (int way = 0; way < Ways; way++)
        {
            if (routes[way] == Key(route) && _places[first + way].Holds(route))
            {
                ref Place place = ref _places[first + way];
                if (place.UsedSeconds != nowSeconds)
                {
                    place.UsedSeconds = nowSeconds;
                }

                if (!place.IsReused)
                {
                    place.IsReused = true;
                }

                return place.Load;
            }
        }

        return Admit(route, first, nowSeconds);
    }

    /// <returns>Null when the function has no place.</returns>
    public FunctionLoad? Find(RouteKey route)
    {
        int first = FirstPlace(route);
        for (int place = first; place < first + Ways; place++)
        {
            if (_routes[place] == Key(route) && _places[place].Holds(route))
            {
                return _places[place].Load;
            }
        }

        return null;
    }

    /// <summary>All functions, as they are found; others come and go meanwhile.</summary>
    public IEnumerable<FunctionLoad> All()
    {
        foreach (Place place in _places)
        {
            if (place.Load is { } load)
            {
                yield return load;
            }
        }
    }

    /// <summary>Lays a function's slots out for a ring and a number of ranks.</summary>
    /// <returns>False when another thread is at it, or the ranks for all functions are used up.</returns>
    public bool TryLayOut(FunctionLoad load, RouteKey route, NodeRing ring, int ranks)
    {
        bool isMore = ranks > int.Max(load.Ranks, RankSelection.RanksMax);
        if ((isMore && Volatile.Read(ref _extraRanks) + ranks > ExtraRanksMax)
            || !load.TryLayOut(route, ring, ranks, out int extraRanks))
        {
            return false;
        }

        if (extraRanks != 0)
        {
            _ = Interlocked.Add(ref _extraRanks, extraRanks);
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private FunctionLoad? Admit(RouteKey route, int first, int nowSeconds)
    {
        int chosen = -1;
        for (int way = first; way < first + Ways; way++)
        {
            ref Place place = ref _places[way];
            if (place.Load is null)
            {
                chosen = way;
                break;
            }

            bool isFree = !place.IsReused || nowSeconds - place.UsedSeconds >= _keptSeconds;
            if (isFree && (chosen < 0 || place.UsedSeconds < _places[chosen].UsedSeconds))
            {
                chosen = way;
            }
        }

        return chosen < 0 ? null : Take(ref _places[chosen], ref _routes[chosen], route, nowSeconds);
    }

    private static FunctionLoad? Take(ref Place place, ref ulong key, RouteKey route, int nowSeconds)
    {
        FunctionLoad? load = Volatile.Read(ref place.Load);
        if (load is null)
        {
            FunctionLoad created = new();
            load = Interlocked.CompareExchange(ref place.Load, created, null) ?? created;
        }

        if (!load.TryAssign(route))
        {
            return null;
        }

        place.UsedSeconds = nowSeconds;
        place.IsReused = false;
        Volatile.Write(ref key, Key(route));
        return load;
    }

    // The upper bits choose the set: the order of the nodes mixes all of them again.
    private int FirstPlace(RouteKey route) => _setShift == 64 ? 0 : (int)(route.Hash >> _setShift) * Ways;

    // 0 marks a place that was never used. It is a hint: two loops that take one place at the same time may leave the
    // key of one beside the estimates of the other.
    private static ulong Key(RouteKey route) => route.Hash == 0 ? 1 : route.Hash;

    private struct Place
    {
        public FunctionLoad? Load;
        public int UsedSeconds;
        public bool IsReused;

        public readonly bool Holds(RouteKey route) => Load is { } load && load.Route == route;
    }
}

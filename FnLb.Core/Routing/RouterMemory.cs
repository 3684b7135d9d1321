namespace FnLb.Core.Routing;

/// <summary>Turns what a router has learned into a snapshot and back.</summary>
internal static class RouterMemory
{
    public static RoutingSnapshot Of(NodeRing ring, FunctionTable functions, int window)
    {
        Dictionary<int, int> placeOf = [];
        for (int place = 0; place < ring.Count; place++)
        {
            placeOf.Add(ring.Loads[place].Id, place);
        }

        return new RoutingSnapshot
        {
            Nodes = [.. ring.Loads.Select(load => new NodeMemory(
                load.Node.Address.Text, load.Limit, load.LimitBefore, load.IsLimitKnown, load.Miss, load.SendsWait))],
            Functions = [.. functions.All()
                .Select(function => Remember(function, placeOf, window))
                .Where(function => function.Warm.Count > 0)],
        };
    }

    /// <summary>Takes a snapshot over. Nodes that are not in the ring are left out.</summary>
    public static void Restore(
        RoutingSnapshot snapshot, NodeRing ring, FunctionTable functions, int window, int seconds)
    {
        Dictionary<string, NodeLoad> loads = ring.Loads.ToDictionary(load => load.Node.Address.Text);
        NodeLoad?[] known = [.. snapshot.Nodes.Select(node => loads.GetValueOrDefault(node.Address))];
        for (int place = 0; place < known.Length; place++)
        {
            if (known[place] is { } load)
            {
                Restore(snapshot.Nodes[place], load);
            }
        }

        foreach (FunctionMemory function in snapshot.Functions)
        {
            Restore(function, known, ring, functions, window, seconds);
        }
    }

    private static FunctionMemory Remember(FunctionLoad function, Dictionary<int, int> placeOf, int window)
    {
        List<WarmMemory> warm = [];
        foreach (RankedSlot slot in function.Snapshot())
        {
            int containers = slot.Warm(window);
            uint calls = (uint)slot.RecentCalls(window);
            if ((containers > 0 || calls > 0) && placeOf.TryGetValue(slot.NodeId, out int place))
            {
                warm.Add(new WarmMemory(place, containers, calls));
            }
        }

        return new FunctionMemory(function.Route.Hash, function.ColdMilliseconds, function.RunMilliseconds, warm);
    }

    private static void Restore(NodeMemory memory, NodeLoad load)
    {
        load.Limit = memory.Limit;
        load.LimitBefore = memory.LimitBefore;
        load.IsLimitKnown = memory.IsLimitKnown;
        load.Miss = memory.Miss;
        while (load.SendsWait && !memory.SendsWait)
        {
            load.NoteAnswer(hasWait: false);
        }
    }

    private static void Restore(
        FunctionMemory memory, NodeLoad?[] known, NodeRing ring, FunctionTable functions, int window, int seconds)
    {
        RouteKey route = new(memory.Route);
        int ranks = int.Max(memory.Warm.Count, RankSelection.RanksMax);
        if (functions.FindOrAdmit(route, seconds) is not { } function
            || !functions.TryLayOut(function, route, ring, ranks)
            || !function.TryOpen(route, ring, out _, out RankedSlot[] slots))
        {
            return;
        }

        function.ColdMilliseconds = memory.ColdMilliseconds;
        function.RunMilliseconds = memory.RunMilliseconds;
        for (int rank = 0; rank < slots.Length; rank++)
        {
            foreach (WarmMemory warm in memory.Warm)
            {
                if (known.ElementAtOrDefault(warm.Node)?.Id == slots[rank].NodeId)
                {
                    slots[rank].Recall(window, warm.Containers, warm.Calls);
                    function.RaiseHotRanks(rank + 1);
                }
            }
        }
    }
}

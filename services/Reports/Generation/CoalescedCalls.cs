using Npgsql;

namespace EnterprisePortal.Reports.Generation;

/// <summary>
/// Coalesces concurrent database calls: requests that arrive while a call is in progress go out together with the next one. A single
/// request goes out at once; when hundreds of accounts end at the same moment, one round trip and one commit serve many of them.
/// </summary>
/// <param name="work">Answers in the order of its input; all or nothing.</param>
sealed class CoalescedCalls<TItem, TResult>(Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TResult>>> work)
{
    const int Most = 64;
    readonly Lock gate = new();
    List<(TItem Item, TaskCompletionSource<TResult> Result)> waiting = [];
    bool busy;

    public Task<TResult> Run(TItem item)
    {
        var result = new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            waiting.Add((item, result));
            if (busy)
                return result.Task;
            busy = true;
        }
        _ = WorkOff();
        return result.Task;
    }

    async Task WorkOff()
    {
        while (Next() is { Count: > 0 } group)
            try
            {
                await Answer(group);
            }
            // If the database refuses one item, the others must not fail with it.
            catch (PostgresException e) when (!e.IsTransient && group.Count > 1)
            {
                foreach (var one in group)
                    try
                    {
                        await Answer([one]);
                    }
                    catch (Exception its)
                    {
                        one.Result.TrySetException(its);
                    }
            }
            catch (Exception e)
            {
                foreach (var one in group)
                    one.Result.TrySetException(e);
            }
    }

    async Task Answer(List<(TItem Item, TaskCompletionSource<TResult> Result)> group)
    {
        var results = await work([.. group.Select(one => one.Item)]);
        foreach (var (one, result) in group.Zip(results))
            one.Result.SetResult(result);
    }

    List<(TItem Item, TaskCompletionSource<TResult> Result)> Next()
    {
        lock (gate)
        {
            var group = waiting.Count <= Most ? waiting : waiting[..Most];
            waiting = waiting.Count <= Most ? [] : waiting[Most..];
            busy = group.Count > 0;
            return group;
        }
    }
}

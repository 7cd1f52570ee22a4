using System.Text.Json;
using EnterprisePortal.Reports.Files;
using EnterprisePortal.ServiceDefaults.Observability;
using Npgsql;
using NpgsqlTypes;

namespace EnterprisePortal.Reports.Generation;

/// <summary>The end of an account in a run: <see cref="RunAccount.Ready"/> with its file, or another final state with a reason.</summary>
sealed record Ending(AccountWork Work, string State, string? Problem, CollectedParts? File = null);

/// <summary>
/// Gives accounts of runs their final state, each exactly once: if two attempts coincide, the second finds the account closed, and its file
/// is not kept. Whether an account was the last one is checked after the commit, when the others' ends are visible.
/// </summary>
sealed class EndAccount(NpgsqlDataSource db, FinishRun finish, BlankFamilies blank, PortalMetrics metrics, TimeProvider clock)
{
    readonly CoalescedCalls<Ending, bool> calls = new(endings => End(db, finish, blank, clock.GetUtcNow(), endings));

    public async Task Run(Ending ending, CancellationToken cancel)
    {
        await using (ending.File)
        {
            if (ending.File?.Transaction is not { } transaction)
            {
                if (await calls.Run(ending))
                    metrics.ReportAccount(ending.State);
                return;
            }
            if (await End(transaction, ending, clock.GetUtcNow(), cancel))
            {
                await transaction.CommitAsync(cancel);
                metrics.ReportAccount(ending.State);
            }
        }
        await FinishIfLast(ending.Work, cancel);
    }

    /// <summary>
    /// For an account whose end is already written, perhaps by a process that was killed right after. Repeated, it does nothing.
    /// </summary>
    public async Task FinishIfLast(AccountWork work, CancellationToken cancel)
    {
        await using var batch = db.CreateBatch();
        Guid[] runs = [work.RunId];
        Check(batch, runs, [work]);
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        await Finish(rows, finish, blank, runs, [work], cancel);
    }

    /// <summary>
    /// One round trip to the database, and two transactions: the queries after the barrier see what others have committed as well.
    /// </summary>
    static async Task<IReadOnlyList<bool>> End(
        NpgsqlDataSource db, FinishRun finish, BlankFamilies blank, DateTimeOffset now, IReadOnlyList<Ending> endings)
    {
        AccountWork[] works = [.. endings.Select(ending => ending.Work)];
        Guid[] runs = [.. works.Select(work => work.RunId).Distinct()];
        await using var batch = db.CreateBatch();
        foreach (var ending in endings)
            batch.BatchCommands.Add(Command(ending, now));
        batch.BatchCommands[^1].AppendErrorBarrier = true;
        Check(batch, runs, works);
        await using var rows = await batch.ExecuteReaderAsync();
        var ended = new bool[endings.Count];
        for (var at = 0; at < ended.Length; at++, await rows.NextResultAsync())
            ended[at] = await rows.ReadAsync();
        await Finish(rows, finish, blank, runs, works, CancellationToken.None);
        return ended;
    }

    /// <returns>False if another process has ended it.</returns>
    static async Task<bool> End(NpgsqlTransaction transaction, Ending ending, DateTimeOffset now, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection) { BatchCommands = { Command(ending, now) } };
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        return await rows.ReadAsync(cancel);
    }

    static NpgsqlBatchCommand Command(Ending ending, DateTimeOffset now) => new(
        """
        with ended as (
          update report_run_account set state = $3, problem = $4, task_id = $5, rows = $6, sections = $10, unknown = $11, changed_at = $7
          where run_id = $1 and account = $2 and state in ('queued', 'running') returning run_id, account),
        described as (insert into report_file (run_id, account, about) select run_id, account, $8 from ended where $8 is not null),
        kept as (insert into report_file_part (run_id, account, number, data) select run_id, account, 0, $9 from ended where $8 is not null)
        select from ended
        """)
    {
        Parameters =
        {
            new() { Value = ending.Work.RunId }, new() { Value = ending.Work.Account }, new() { Value = ending.State },
            Nullable(NpgsqlDbType.Text, ending.Problem), Nullable(NpgsqlDbType.Text, ending.Work.TaskId),
            Nullable(NpgsqlDbType.Integer, ending.File?.About.Rows), new() { Value = now },
            Json(ending.File?.About), Nullable(NpgsqlDbType.Bytea, ending.File?.First),
            Json(ending.File?.About.Sections), Json(ending.File?.About.Unknown)
        }
    };

    /// <summary>
    /// Queries whether any account of the runs is still open, and whether a family of an account was erased since its run began.
    /// </summary>
    static void Check(NpgsqlBatch batch, IEnumerable<Guid> runs, IEnumerable<AccountWork> works)
    {
        foreach (var run in runs)
            batch.BatchCommands.Add(
                new("select exists (select from report_run_account where run_id = $1 and state in ('queued', 'running'))")
                { Parameters = { new() { Value = run } } });
        foreach (var work in works)
            batch.BatchCommands.Add(new("select exists (select from erased_family where account = $1 and erased_at >= $2)")
            {
                Parameters = { new() { Value = work.Account }, new() { Value = work.Run.CreatedAt } }
            });
    }

    static async Task Finish(
        NpgsqlDataReader rows,
        FinishRun finish,
        BlankFamilies blank,
        IReadOnlyList<Guid> runs,
        IReadOnlyList<AccountWork> works,
        CancellationToken cancel)
    {
        var over = new List<Guid>();
        foreach (var run in runs)
            if (!await Next())
                over.Add(run);
        foreach (var work in works)
            if (await Next())
                await blank.AllErasedSince(work.Run.CreatedAt, work.RunId, work.Account, cancel);
        foreach (var run in over)
            await finish.Run(run, cancel);

        async Task<bool> Next()
        {
            await rows.ReadAsync(cancel);
            var answer = rows.GetBoolean(0);
            await rows.NextResultAsync(cancel);
            return answer;
        }
    }

    static NpgsqlParameter Json<T>(T? value) where T : class =>
        Nullable(NpgsqlDbType.Jsonb, value is null ? null : JsonSerializer.Serialize(value, JsonSerializerOptions.Web));

    static NpgsqlParameter Nullable(NpgsqlDbType type, object? value) => new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };
}

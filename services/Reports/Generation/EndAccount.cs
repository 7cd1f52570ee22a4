using System.Text.Json;
using EnterprisePortal.Reports.Files;
using Npgsql;
using NpgsqlTypes;

namespace EnterprisePortal.Reports.Generation;

/// <summary>What becomes of an account of a run: <see cref="RunAccount.Ready"/> with its file, or another final state with a reason.</summary>
sealed record Ending(AccountWork Work, string State, string? Problem, CollectedParts? File = null);

/// <summary>
/// Gives accounts of runs their final state, each exactly once: of two that come at the same time the second finds it closed, and what it collected
/// is not kept. Whether an account was the last one is looked at after the commit, when the others' ends are to be seen.
/// </summary>
sealed class EndAccount(NpgsqlDataSource db, FinishRun finish, BlankFamilies blank, TimeProvider clock)
{
    readonly Together<Ending, bool> together = new(endings => End(db, finish, blank, clock.GetUtcNow(), endings));

    public async Task Run(Ending ending, CancellationToken cancel)
    {
        await using (ending.File)
            if (ending.File?.Transaction is not { } transaction)
            {
                await together.Run(ending);
                return;
            }
            else if (!await End(transaction, ending, clock.GetUtcNow(), cancel))
                return;
            else
                await transaction.CommitAsync(cancel);
        await FinishIfLast(ending.Work, cancel);
    }

    /// <summary>For whom its end is written already, perhaps by somebody who was killed right after. Repeated, it does nothing.</summary>
    public async Task FinishIfLast(AccountWork work, CancellationToken cancel)
    {
        await using var batch = db.CreateBatch();
        Look(batch, [work]);
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        await Finish(rows, finish, blank, [work], cancel);
    }

    /// <summary>One way to the database and back, and two transactions: what follows the barrier sees what is committed.</summary>
    static async Task<IReadOnlyList<bool>> End(NpgsqlDataSource db, FinishRun finish, BlankFamilies blank, DateTimeOffset now, IReadOnlyList<Ending> endings)
    {
        await using var batch = db.CreateBatch();
        batch.EnableErrorBarriers = true;
        batch.BatchCommands.Add(Command(endings, now));
        AccountWork[] works = [.. endings.Select(ending => ending.Work)];
        Look(batch, works);
        await using var rows = await batch.ExecuteReaderAsync();
        var ended = new bool[endings.Count];
        while (await rows.ReadAsync())
            ended[rows.GetInt32(0) - 1] = true;
        await rows.NextResultAsync();
        await Finish(rows, finish, blank, works, CancellationToken.None);
        return ended;
    }

    /// <returns>False where somebody else has ended it.</returns>
    static async Task<bool> End(NpgsqlTransaction transaction, Ending ending, DateTimeOffset now, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection) { BatchCommands = { Command([ending], now) } };
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        return await rows.ReadAsync(cancel);
    }

    static NpgsqlBatchCommand Command(IReadOnlyList<Ending> endings, DateTimeOffset now) => new(
        """
        with given as (
          select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::jsonb[], $8::bytea[])
            with ordinality given (run_id, account, state, problem, task_id, rows, about, data, at)),
        ended as (
          update report_run_account account set state = given.state, problem = given.problem, task_id = given.task_id, rows = given.rows, changed_at = $9 from given
          where account.run_id = given.run_id and account.account = given.account and account.state in ('queued', 'running') returning given.at),
        ready as (select given.* from given join ended using (at) where given.state = 'ready'),
        described as (insert into report_file (run_id, account, about) select run_id, account, about from ready),
        kept as (insert into report_file_part (run_id, account, number, data) select run_id, account, 0, data from ready)
        select at::int from ended
        """)
    {
        Parameters =
        {
            Array(NpgsqlDbType.Uuid, endings.Select(ending => ending.Work.RunId)), Array(NpgsqlDbType.Text, endings.Select(ending => ending.Work.Account)),
            Array(NpgsqlDbType.Text, endings.Select(ending => ending.State)), Array(NpgsqlDbType.Text, endings.Select(ending => ending.Problem)),
            Array(NpgsqlDbType.Text, endings.Select(ending => ending.Work.TaskId)), Array(NpgsqlDbType.Integer, endings.Select(ending => ending.File?.About.Rows)),
            Array(NpgsqlDbType.Jsonb, endings.Select(ending => ending.File is { } file ? JsonSerializer.Serialize(file.About, JsonSerializerOptions.Web) : null)),
            Array(NpgsqlDbType.Bytea, endings.Select(ending => ending.File?.First)), new() { Value = now }
        }
    };

    /// <summary>Runs of which nothing is open any more, and accounts of which a family was erased since the run began.</summary>
    static void Look(NpgsqlBatch batch, IReadOnlyList<AccountWork> works)
    {
        batch.BatchCommands.Add(new(
            """
            select distinct id from unnest($1::uuid[]) id
            where not exists (select from report_run_account where run_id = id and state in ('queued', 'running'))
            """)
        {
            Parameters = { Array(NpgsqlDbType.Uuid, works.Select(work => work.RunId)) }
        });
        batch.BatchCommands.Add(new(
            """
            select distinct at::int from unnest($1::text[], $2::timestamptz[]) with ordinality given (account, created_at, at)
              join erased_family family on family.account = given.account and family.erased_at >= given.created_at
            """)
        {
            Parameters = { Array(NpgsqlDbType.Text, works.Select(work => work.Account)), Array(NpgsqlDbType.TimestampTz, works.Select(work => work.Run.CreatedAt)) }
        });
    }

    static async Task Finish(NpgsqlDataReader rows, FinishRun finish, BlankFamilies blank, IReadOnlyList<AccountWork> works, CancellationToken cancel)
    {
        var (over, erased) = (new List<Guid>(), new List<AccountWork>());
        while (await rows.ReadAsync(cancel))
            over.Add(rows.GetGuid(0));
        await rows.NextResultAsync(cancel);
        while (await rows.ReadAsync(cancel))
            erased.Add(works[rows.GetInt32(0) - 1]);
        foreach (var work in erased)
            await blank.AllErasedSince(work.Run.CreatedAt, work.RunId, work.Account, cancel);
        foreach (var run in over)
            await finish.Run(run, cancel);
    }

    static NpgsqlParameter Array<T>(NpgsqlDbType of, IEnumerable<T> values) => new() { NpgsqlDbType = NpgsqlDbType.Array | of, Value = values.ToArray() };
}

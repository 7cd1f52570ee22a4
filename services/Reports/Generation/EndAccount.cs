using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Reports.Files;
using Npgsql;
using NpgsqlTypes;

namespace EnterprisePortal.Reports.Generation;

/// <summary>
/// Gives an account of a run its final state, exactly once: of two that come at the same time the second finds it closed, and what it collected
/// is rolled back. Whether it was the last one is looked at after the commit, when the others' ends are to be seen.
/// </summary>
sealed class EndAccount(NpgsqlDataSource db, ReportFiles files, FinishRun finish, BlankFamilies blank, TimeProvider clock)
{
    public Task Failed(AccountWork work, string problem, CancellationToken cancel) => Without(work, RunAccount.Failed, problem, cancel);

    public Task Cancelled(AccountWork work, string problem, CancellationToken cancel) => Without(work, RunAccount.Cancelled, problem, cancel);

    public async Task Ready(AccountWork work, ReportFile file, Func<Func<ReadOnlyMemory<byte>, Task>, Task> download, CancellationToken cancel)
    {
        await using (var connection = await db.OpenConnectionAsync(cancel))
        await using (var transaction = await connection.BeginTransactionAsync(cancel))
        {
            var number = 0;
            await download(piece => files.Keep(connection, work.RunId, work.Account, number++, piece, cancel));
            await using var batch = new NpgsqlBatch(connection)
            {
                BatchCommands = { End(work, RunAccount.Ready, null, file.Rows), About(work, file) }
            };
            await using (var ended = await batch.ExecuteReaderAsync(cancel))
                if (ended.RecordsAffected < 2)
                    return;
            await transaction.CommitAsync(cancel);
        }
        await FinishIfLast(work, cancel);
    }

    async Task Without(AccountWork work, string state, string problem, CancellationToken cancel)
    {
        await using var batch = db.CreateBatch();
        batch.BatchCommands.Add(End(work, state, problem, null));
        await batch.ExecuteNonQueryAsync(cancel);
        await FinishIfLast(work, cancel);
    }

    /// <summary>Cheap for all but the last; repeated, it does nothing.</summary>
    public async Task FinishIfLast(AccountWork work, CancellationToken cancel)
    {
        var (others, erased) = await Left(work, cancel);
        if (erased)
            await blank.AllErasedSince(work.Run.CreatedAt, work.RunId, work.Account, cancel);
        if (!others)
            await finish.Run(work.RunId, cancel);
    }

    async Task<(bool Others, bool Erased)> Left(AccountWork work, CancellationToken cancel)
    {
        await using var command = db.CreateCommand(
            """
            select exists (select from report_run_account where run_id = $1 and state in ('queued', 'running')),
              exists (select from erased_family where account = $2 and erased_at >= $3)
            """);
        command.Parameters.AddWithValue(work.RunId);
        command.Parameters.AddWithValue(work.Account);
        command.Parameters.AddWithValue(work.Run.CreatedAt);
        await using var row = await command.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        return (row.GetBoolean(0), row.GetBoolean(1));
    }

    NpgsqlBatchCommand End(AccountWork work, string state, string? problem, int? rows) =>
        new("update report_run_account set state = $3, problem = $4, task_id = $5, rows = $6, changed_at = $7 where run_id = $1 and account = $2 and state in ('queued', 'running')")
        {
            Parameters =
            {
                new() { Value = work.RunId }, new() { Value = work.Account }, new() { Value = state },
                new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)problem ?? DBNull.Value }, new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)work.TaskId ?? DBNull.Value },
                new() { NpgsqlDbType = NpgsqlDbType.Integer, Value = (object?)rows ?? DBNull.Value }, new() { Value = clock.GetUtcNow() }
            }
        };

    static NpgsqlBatchCommand About(AccountWork work, ReportFile file) =>
        new("insert into report_file (run_id, account, about) select $1, $2, $3 from report_run_account where run_id = $1 and account = $2 and state = 'ready' on conflict do nothing")
        {
            Parameters =
            {
                new() { Value = work.RunId }, new() { Value = work.Account }, new() { NpgsqlDbType = NpgsqlDbType.Jsonb, Value = JsonSerializer.Serialize(file, JsonSerializerOptions.Web) }
            }
        };
}

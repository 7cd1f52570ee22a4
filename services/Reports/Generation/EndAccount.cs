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

    /// <summary>A file of one piece, as most are, is one statement: it waits for the database once. What is longer goes before it, in the same transaction.</summary>
    public async Task Ready(AccountWork work, ReportFile file, Func<Func<ReadOnlyMemory<byte>, Task>, Task> download, CancellationToken cancel)
    {
        await using (var connection = db.CreateConnection())
        {
            NpgsqlTransaction? transaction = null;
            var (first, number) = (Array.Empty<byte>(), 0);
            await download(async piece =>
            {
                if (number++ == 0)
                {
                    first = files.Protect(piece);
                    return;
                }
                if (transaction is null)
                {
                    await connection.OpenAsync(cancel);
                    transaction = await connection.BeginTransactionAsync(cancel);
                }
                await files.Keep(connection, work.RunId, work.Account, number - 1, piece, cancel);
            });
            if (transaction is null)
                await connection.OpenAsync(cancel);
            await using (transaction)
                if (await End(connection, work, file, first, cancel) && transaction is not null)
                    await transaction.CommitAsync(cancel);
        }
        await FinishIfLast(work, cancel);
    }

    /// <returns>False where somebody else has ended it.</returns>
    async Task<bool> End(NpgsqlConnection connection, AccountWork work, ReportFile file, byte[] first, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            """
            with ended as (
              update report_run_account set state = 'ready', problem = null, task_id = $3, rows = $4, changed_at = $5
              where run_id = $1 and account = $2 and state in ('queued', 'running') returning run_id, account),
            described as (insert into report_file (run_id, account, about) select run_id, account, $6 from ended),
            kept as (insert into report_file_part (run_id, account, number, data) select run_id, account, 0, $7 from ended)
            select count(*) from ended
            """, connection)
        {
            Parameters =
            {
                new() { Value = work.RunId }, new() { Value = work.Account }, new() { Value = work.TaskId! }, new() { Value = file.Rows }, new() { Value = clock.GetUtcNow() },
                new() { NpgsqlDbType = NpgsqlDbType.Jsonb, Value = JsonSerializer.Serialize(file, JsonSerializerOptions.Web) }, new() { Value = first }
            }
        };
        return await command.ExecuteScalarAsync(cancel) is 1L;
    }

    async Task Without(AccountWork work, string state, string problem, CancellationToken cancel)
    {
        await using var command = db.CreateCommand(
            "update report_run_account set state = $3, problem = $4, changed_at = $5 where run_id = $1 and account = $2 and state in ('queued', 'running')");
        command.Parameters.AddWithValue(work.RunId);
        command.Parameters.AddWithValue(work.Account);
        command.Parameters.AddWithValue(state);
        command.Parameters.AddWithValue(problem);
        command.Parameters.AddWithValue(clock.GetUtcNow());
        await command.ExecuteNonQueryAsync(cancel);
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
}

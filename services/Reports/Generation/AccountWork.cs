using Npgsql;

namespace EnterprisePortal.Reports.Generation;

/// <summary>An account of a run, as its next step needs it: read in one go, since a large run has thousands of them.</summary>
/// <param name="Requester">Their rights as Identity last said; null where it has not said anything of them yet.</param>
sealed record AccountWork(Guid RunId, string Account, string State, string? TaskId, int Polls, string? Problem, WorkedOnRun Run, RequesterState? Requester)
{
    public bool IsOpen => RunAccount.Open.Contains(State);
}

sealed record WorkedOnRun(string Report, string Parameters, Guid ById, string ByName, string ByLevel, Guid GroupId, DateTimeOffset CreatedAt, DateTimeOffset Deadline, bool IsCancelled);

sealed record RequesterState(string Level, Guid GroupId, string Status, string? StaffEmail);

/// <summary>Reads what the next steps of accounts need, those of one moment together.</summary>
sealed class FindWork(NpgsqlDataSource db)
{
    readonly Together<(Guid RunId, string Account), AccountWork?> together = new(keys => Find(db, keys));

    public Task<AccountWork?> Of(Guid runId, string account) => together.Run((runId, account));

    static async Task<IReadOnlyList<AccountWork?>> Find(NpgsqlDataSource db, IReadOnlyList<(Guid RunId, string Account)> keys)
    {
        await using var command = db.CreateCommand(
            """
            select given.at::int, account.state, account.task_id, account.polls, account.problem,
              run.report, run.parameters::text, run.by_id, run.by_name, run.by_level, run.group_id, run.created_at, run.deadline, run.cancelled_at is not null,
              requester.level, requester.group_id, requester.status, requester.staff_email
            from unnest($1::uuid[], $2::text[]) with ordinality given (run_id, account, at)
              join report_run_account account on account.run_id = given.run_id and account.account = given.account
              join report_run run on run.id = given.run_id left join portal_user requester on requester.id = run.by_id
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. keys.Select(key => key.RunId)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. keys.Select(key => key.Account)] });
        var found = new AccountWork?[keys.Count];
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            var at = row.GetInt32(0) - 1;
            found[at] = new(keys[at].RunId, keys[at].Account, row.GetString(1), Text(2), row.GetInt32(3), Text(4),
                new(row.GetString(5), row.GetString(6), row.GetGuid(7), row.GetString(8), row.GetString(9), row.GetGuid(10),
                    row.GetFieldValue<DateTimeOffset>(11), row.GetFieldValue<DateTimeOffset>(12), row.GetBoolean(13)),
                row.IsDBNull(14) ? null : new(row.GetString(14), row.GetGuid(15), row.GetString(16), Text(17)));
        }
        return found;

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
    }
}

using Npgsql;

namespace EnterprisePortal.Reports.Generation;

/// <summary>An account of a run, with all that its next step needs: read in one query, since a large run has thousands of them.</summary>
/// <param name="Requester">Their rights according to Identity's last message; null if there was none yet.</param>
sealed record AccountWork(Guid RunId, string Account, string State, string? TaskId, int Polls, string? Problem, WorkedOnRun Run,
    RequesterState? Requester)
{
    public bool IsOpen => RunAccount.Open.Contains(State);
}

sealed record WorkedOnRun(string Report, string Parameters, Guid ById, string ByName, string ByLevel, Guid GroupId,
    DateTimeOffset CreatedAt, DateTimeOffset Deadline, bool IsCancelled);

sealed record RequesterState(string Level, Guid GroupId, string Status, string? StaffEmail);

/// <summary>Reads what the next steps of accounts need; concurrent requests share a query.</summary>
sealed class FindWork(NpgsqlDataSource db)
{
    readonly CoalescedCalls<(Guid RunId, string Account), AccountWork?> calls = new(keys => Find(db, keys));

    public Task<AccountWork?> Of(Guid runId, string account) => calls.Run((runId, account));

    static async Task<IReadOnlyList<AccountWork?>> Find(NpgsqlDataSource db, IReadOnlyList<(Guid RunId, string Account)> keys)
    {
        await using var batch = db.CreateBatch();
        foreach (var (runId, account) in keys)
            batch.BatchCommands.Add(new(
                """
                select account.state, account.task_id, account.polls, account.problem,
                  run.report, run.parameters::text, run.by_id, run.by_name, run.by_level, run.group_id, run.created_at, run.deadline, run.cancelled_at is not null,
                  requester.level, requester.group_id, requester.status, requester.staff_email
                from report_run_account account join report_run run on run.id = account.run_id
                  left join portal_user requester on requester.id = run.by_id
                where account.run_id = $1 and account.account = $2
                """)
            {
                Parameters = { new NpgsqlParameter<Guid> { TypedValue = runId }, new NpgsqlParameter<string> { TypedValue = account } }
            });
        await using var row = await batch.ExecuteReaderAsync();
        var found = new AccountWork?[keys.Count];
        for (var at = 0; at < keys.Count; at++, await row.NextResultAsync())
            if (await row.ReadAsync())
                found[at] = new(keys[at].RunId, keys[at].Account, row.GetString(0), Text(1), row.GetInt32(2), Text(3),
                    new(row.GetString(4), row.GetString(5), row.GetGuid(6), row.GetString(7), row.GetString(8), row.GetGuid(9),
                        row.GetFieldValue<DateTimeOffset>(10), row.GetFieldValue<DateTimeOffset>(11), row.GetBoolean(12)),
                    row.IsDBNull(13) ? null : new(row.GetString(13), row.GetGuid(14), row.GetString(15), Text(16)));
        return found;

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
    }
}

using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Directory;
using Npgsql;
using NpgsqlTypes;

namespace EnterprisePortal.Accounts.Entry;

/// <summary>
/// Asks the accounts about the staff users that portal people enter as, every few minutes, and about new ones as soon as the directory
/// names them. An account that does not answer keeps what it said last and is marked unreachable. Replicas take turns by a lock.
/// </summary>
public sealed class CheckEntries(DirectoryReplica directory, AccountApiClient accounts, NpgsqlDataSource db, TimeProvider clock, ILogger<CheckEntries> log) : BackgroundService
{
    const int Turn = 7_240_156, AtOnce = 8;
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(10), Deadline = TimeSpan.FromSeconds(10), Fresh = TimeSpan.FromMinutes(4), RetryUnreachable = TimeSpan.FromSeconds(10);
    readonly SemaphoreSlim changed = new(0, 1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        directory.Changed += Wake;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await CheckDue(stoppingToken);
                await changed.WaitAsync(Pause, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("Entries were not checked: {Problem}", e.Message);
                await Task.Delay(Pause, clock, stoppingToken);
            }
        }
    }

    void Wake(Enterprise enterprise)
    {
        // Two changes at once need one round only.
        lock (changed)
            if (changed.CurrentCount == 0)
                changed.Release();
    }

    async Task CheckDue(CancellationToken stop)
    {
        await using var turn = await db.OpenConnectionAsync(stop);
        await using var take = new NpgsqlCommand($"select pg_try_advisory_lock({Turn})", turn);
        if (await take.ExecuteScalarAsync(stop) is not true)
            return;
        try
        {
            var due = await Due(turn, stop);
            await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop },
                async (pair, cancel) => await Check(pair.Key, [.. pair.Value], cancel));
        }
        finally
        {
            await using var give = new NpgsqlCommand($"select pg_advisory_unlock({Turn})", turn);
            await give.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    async Task<Dictionary<AccountState, HashSet<string>>> Due(NpgsqlConnection connection, CancellationToken stop)
    {
        var wanted = new Dictionary<AccountState, HashSet<string>>();
        foreach (var enterprise in directory.Enterprises)
        {
            foreach (var group in enterprise.Groups.Values)
                foreach (var asAdmin in new[] { false, true })
                    Want(enterprise, group.Id, enterprise.LoginAs(group.Id, asAdmin, null));
            await using var users = new NpgsqlCommand("select group_id, staff_email from own_staff_email where staff_email is not null and group_id = any($1)", connection);
            users.Parameters.AddWithValue(enterprise.Groups.Keys.ToArray());
            await using var user = await users.ExecuteReaderAsync(stop);
            while (await user.ReadAsync(stop))
                Want(enterprise, user.GetGuid(0), user.GetString(1));
        }

        await using var checks = new NpgsqlCommand("select account_code, staff_email from entry_check where checked_at > case when reachable then $1 else $2 end", connection);
        checks.Parameters.AddWithValue(clock.GetUtcNow() - Fresh);
        checks.Parameters.AddWithValue(clock.GetUtcNow() - RetryUnreachable);
        await using var fresh = await checks.ExecuteReaderAsync(stop);
        while (await fresh.ReadAsync(stop))
            if (directory.Account(fresh.GetString(0)) is { } account && wanted.TryGetValue(account, out var emails) && emails.Remove(fresh.GetString(1)) && emails.Count == 0)
                wanted.Remove(account);
        return wanted;

        void Want(Enterprise enterprise, Guid groupId, string? staffEmail)
        {
            foreach (var account in staffEmail is null ? [] : enterprise.Groups[groupId].Accounts.Select(code => enterprise.Accounts[code]).Where(account => account.Status == AccountState.Active))
                (wanted.TryGetValue(account, out var emails) ? emails : wanted[account] = []).Add(staffEmail!.ToLowerInvariant());
        }
    }

    async Task Check(AccountState account, List<string> staffEmails, CancellationToken stop)
    {
        var answers = new List<(string Email, string? AsUser, string? AsAdmin)>();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            foreach (var email in staffEmails)
            {
                deadline.CancelAfter(Deadline);
                var staff = await accounts.Get<StaffUser>(account, $"staff/{Uri.EscapeDataString(email)}", deadline.Token);
                answers.Add((email, EntryProblem.Of(staff, asAdmin: false), EntryProblem.Of(staff, asAdmin: true)));
            }
        }
        catch (Exception e) when (e is AccountUnavailable || e is OperationCanceledException && !stop.IsCancellationRequested)
        {
            log.LogInformation("Entry to {Account} was not checked: {Problem}", account.Code, e.Message);
        }
        await Keep(account.Code, answers, [.. staffEmails.Except(answers.Select(answer => answer.Email))], stop);
    }

    async Task Keep(string code, List<(string Email, string? AsUser, string? AsAdmin)> answers, string[] unanswered, CancellationToken stop)
    {
        await using var command = db.CreateCommand(
            """
            insert into entry_check (account_code, staff_email, problem_as_user, problem_as_admin, reachable, checked_at)
            select $1, email, as_user, as_admin, reachable, $2
            from (select *, true from unnest($3, $4, $5) union all select unnest($6), null, null, false) answer (email, as_user, as_admin, reachable)
            on conflict (account_code, staff_email) do update set reachable = excluded.reachable, checked_at = excluded.checked_at,
              problem_as_user = case when excluded.reachable then excluded.problem_as_user else entry_check.problem_as_user end,
              problem_as_admin = case when excluded.reachable then excluded.problem_as_admin else entry_check.problem_as_admin end
            """);
        command.Parameters.AddWithValue(code);
        command.Parameters.AddWithValue(clock.GetUtcNow());
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Text, answers.Select(answer => answer.Email).ToArray());
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Text, answers.Select(answer => answer.AsUser).ToArray());
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Text, answers.Select(answer => answer.AsAdmin).ToArray());
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Text, unanswered);
        await command.ExecuteNonQueryAsync(stop);
    }

    public override void Dispose()
    {
        directory.Changed -= Wake;
        changed.Dispose();
        base.Dispose();
    }
}

using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Background;
using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.ServiceDefaults.Directory;
using Npgsql;
using NpgsqlTypes;

namespace EnterprisePortal.Accounts.Entry;

/// <summary>
/// Asks the accounts about their login-as staff users every few minutes, and about new ones as soon as the directory names them. An account
/// that does not answer keeps its last answer and is marked unreachable. Replicas take turns by a lock.
/// </summary>
public sealed class CheckEntries(DirectoryReplica directory, AccountApiClient accounts, NpgsqlDataSource db, TimeProvider clock,
    ILogger<CheckEntries> log) : DirectoryLoop(directory, TimeSpan.FromSeconds(10), clock, log)
{
    const int AtOnce = 8;
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10), Fresh = TimeSpan.FromMinutes(4),
        RetryUnreachable = TimeSpan.FromSeconds(10);

    protected override async Task Round(CancellationToken stop)
    {
        await using var alone = await db.TryLock("check-entries", stop);
        if (alone is null)
            return;
        var due = await Due(alone.Connection, stop);
        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop };
        await Parallel.ForEachAsync(due, atOnce,
            async (pair, cancel) => await Check(pair.Key, [.. pair.Value], cancel));
    }

    async Task<Dictionary<AccountState, HashSet<string>>> Due(NpgsqlConnection connection, CancellationToken stop)
    {
        var wanted = new Dictionary<AccountState, HashSet<string>>();
        foreach (var enterprise in Directory.Enterprises)
        {
            foreach (var group in enterprise.Groups.Values)
                foreach (var asAdmin in new[] { false, true })
                    Want(enterprise, group.Id, enterprise.LoginAs(group.Id, asAdmin, null));
            await using var users = new NpgsqlCommand(
                "select group_id, staff_email from own_staff_email where staff_email is not null and group_id = any($1)", connection);
            users.Parameters.AddWithValue(enterprise.Groups.Keys.ToArray());
            await using var user = await users.ExecuteReaderAsync(stop);
            while (await user.ReadAsync(stop))
                Want(enterprise, user.GetGuid(0), user.GetString(1));
        }

        await using var checks = new NpgsqlCommand(
            "select account_code, staff_email from entry_check where checked_at > case when reachable then $1 else $2 end", connection);
        checks.Parameters.AddWithValue(Clock.GetUtcNow() - Fresh);
        checks.Parameters.AddWithValue(Clock.GetUtcNow() - RetryUnreachable);
        await using var fresh = await checks.ExecuteReaderAsync(stop);
        while (await fresh.ReadAsync(stop))
            if (Directory.Account(fresh.GetString(0)) is { } account && wanted.TryGetValue(account, out var emails)
                && emails.Remove(fresh.GetString(1)) && emails.Count == 0)
                wanted.Remove(account);
        return wanted;

        void Want(Enterprise enterprise, Guid groupId, string? staffEmail)
        {
            foreach (var account in staffEmail is null ? [] : enterprise.Groups[groupId].Accounts.Select(code => enterprise.Accounts[code])
                .Where(account => account.Status == AccountState.Active))
                (wanted.TryGetValue(account, out var emails) ? emails : wanted[account] = []).Add(staffEmail!.ToLowerInvariant());
        }
    }

    async Task Check(AccountState account, List<string> staffEmails, CancellationToken stop)
    {
        var answers = new List<(string Email, string? AsUser, string? AsAdmin)>();
        try
        {
            foreach (var email in staffEmails)
            {
                var staff = await accounts.Get<StaffUser>(account, $"staff/{Uri.EscapeDataString(email)}", Deadline, stop);
                answers.Add((email, EntryProblem.Of(staff, asAdmin: false), EntryProblem.Of(staff, asAdmin: true)));
            }
        }
        catch (AccountUnavailable e)
        {
            Log.LogInformation("The entry to {Account} was not checked: {Problem}", account.Code, e.Message);
        }
        await Keep(account.Code, answers, [.. staffEmails.Except(answers.Select(answer => answer.Email))], stop);
    }

    async Task Keep(string code, List<(string Email, string? AsUser, string? AsAdmin)> answers, string[] unanswered, CancellationToken stop)
    {
        await using var command = db.CreateCommand(
            """
            insert into entry_check (account_code, staff_email, problem_as_user, problem_as_admin, reachable, checked_at)
            select $1, email, as_user, as_admin, reachable, $2
            from (select *, true from unnest($3, $4, $5)
              union all select unnest($6), null, null, false) answer (email, as_user, as_admin, reachable)
            on conflict (account_code, staff_email) do update set reachable = excluded.reachable, checked_at = excluded.checked_at,
              problem_as_user = case when excluded.reachable then excluded.problem_as_user else entry_check.problem_as_user end,
              problem_as_admin = case when excluded.reachable then excluded.problem_as_admin else entry_check.problem_as_admin end
            """);
        command.Parameters.AddWithValue(code);
        command.Parameters.AddWithValue(Clock.GetUtcNow());
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Text, answers.Select(answer => answer.Email).ToArray());
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Text, answers.Select(answer => answer.AsUser).ToArray());
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Text, answers.Select(answer => answer.AsAdmin).ToArray());
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Text, unanswered);
        await command.ExecuteNonQueryAsync(stop);
    }
}

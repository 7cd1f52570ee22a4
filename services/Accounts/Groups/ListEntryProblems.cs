using Dapper;
using EnterprisePortal.Accounts.Entry;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.Accounts.Groups;

/// <summary>
/// Accounts of a group that its people cannot enter, as <see cref="CheckEntries"/> last found: tells the Admin before anybody tries.
/// </summary>
public static class ListEntryProblems
{
    sealed record EntryCheck(string Account, string As, bool Reachable, string? ProblemAsUser, string? ProblemAsAdmin);

    public static void Map(RouteGroupBuilder groups) =>
        groups.MapGet("/entry-problems", Handle).RequireAuthorization(Policies.Admin).WithName(nameof(ListEntryProblems));

    static async Task<Ok<BlockedEntries>> Handle(NpgsqlDataSource db, DirectoryReplica directory, Person person, CancellationToken cancel)
    {
        var reach = directory.ReachOf(person);
        var entries = (
            from each in reach.Groups
            from level in (string[])[Person.User, Person.Admin]
            let enterAs = reach.Enterprise!.LoginAs(each.Id, asAdmin: level == Person.Admin, null)?.ToLowerInvariant()
            where enterAs is not null
            from code in each.Accounts
            where reach.Enterprise!.Accounts[code].Status == AccountState.Active
            select (Group: each.Id, Account: code, Level: level, As: enterAs)).ToLookup(entry => (entry.Account, entry.As));

        await using var connection = await db.OpenConnectionAsync(cancel);
        var checks = await connection.QueryAsync<EntryCheck>(new CommandDefinition(
            """
            select account_code as account, staff_email as "as", reachable, problem_as_user, problem_as_admin from entry_check
            where account_code = any(@Codes) and (not reachable or problem_as_user is not null or problem_as_admin is not null)
            order by 1, 2
            """, new { reach.Codes }, cancellationToken: cancel));
        return TypedResults.Ok(new BlockedEntries(
        [
            .. from check in checks
               from entry in entries[(check.Account, check.As)]
               let found = entry.Level == Person.Admin ? check.ProblemAsAdmin : check.ProblemAsUser
               let problem = check.Reachable ? found : EntryProblem.Unreachable
               where problem is not null
               select new BlockedEntry(entry.Group, entry.Account, entry.Level, entry.As, problem)
        ]));
    }
}

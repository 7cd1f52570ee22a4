using EnterprisePortal.Accounts.Entry;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.Accounts.Groups;

/// <summary>Where people of a group cannot enter an account of it, as <see cref="CheckEntries"/> last found: for the Admin, before anybody tries.</summary>
public static class ListEntryProblems
{
    public record Response(IReadOnlyList<Item> Items);

    /// <param name="Level">Of the people it keeps out.</param>
    /// <param name="As">The staff user they would enter as.</param>
    /// <param name="Problem">One of <see cref="EntryProblem"/>.</param>
    public record Item(Guid Group, string Account, string Level, string As, string Problem);

    public static void Map(RouteGroupBuilder groups) => groups.MapGet("/entry-problems", Handle).RequireAuthorization(Policies.Admin).WithName(nameof(ListEntryProblems));

    static async Task<Ok<Response>> Handle(NpgsqlDataSource db, DirectoryReplica directory, Person person, CancellationToken cancel)
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

        await using var command = db.CreateCommand(
            "select account_code, staff_email, reachable, problem_as_user, problem_as_admin from entry_check where account_code = any($1) and (not reachable or problem_as_user is not null or problem_as_admin is not null) order by 1, 2");
        command.Parameters.AddWithValue(reach.Codes);
        var items = new List<Item>();
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            foreach (var entry in entries[(row.GetString(0), row.GetString(1))])
            {
                var column = entry.Level == Person.Admin ? 4 : 3;
                if (!row.GetBoolean(2) || !row.IsDBNull(column))
                    items.Add(new(entry.Group, entry.Account, entry.Level, entry.As, row.GetBoolean(2) ? row.GetString(column) : EntryProblem.Unreachable));
            }
        return TypedResults.Ok(new Response(items));
    }
}

using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.Accounts;

/// <summary>By name, after the person's favorites.</summary>
public static class ListAccounts
{
    public static void Map(RouteGroupBuilder accounts) => accounts.MapGet("/", Handle).WithName(nameof(ListAccounts));

    /// <param name="group">Group Filter: accounts in any of these groups. A group that the person cannot see adds nothing.</param>
    /// <param name="q">Search box: words, each in any field.</param>
    static async Task<Results<Ok<Page<AccountItem>>, ValidationProblem>> Handle(Guid[]? group, string? q, [AsParameters] PageQuery page,
        NpgsqlDataSource db, DirectoryReplica directory, Person person, CancellationToken cancel)
    {
        var reach = directory.ReachOf(person);
        // The cursor is the last account's code: an account that has left the reach is no place to continue from.
        if (page.Cursor is { } after && !reach.Contains(after))
            return Refusal.Invalid("cursor", "The list has changed. Start again from the first page.");

        var items = await AccountList.Read(db, reach, person,
            new AccountList.Filter(Groups: group is { Length: > 0 } ? group : null, Words: AccountList.Words(q), After: page.Cursor,
                Limit: page.Size + 1), cancel);
        return items.Count > page.Size
            ? TypedResults.Ok(new Page<AccountItem>(items[..page.Size], items[page.Size - 1].Code))
            : TypedResults.Ok(new Page<AccountItem>(items, null));
    }
}

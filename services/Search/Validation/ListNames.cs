using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Search.Validation;

/// <summary>Every name of a level, program or charge category in reach, exactly as written, with the number of accounts that have it.</summary>
public static class ListNames
{
    /// <summary>The kinds by the word in the address.</summary>
    static readonly Dictionary<string, string> kinds = new() { ["levels"] = "level", ["programs"] = "program", ["charge-categories"] = "charge-category" };

    public static void MapValidation(this IEndpointRouteBuilder validation)
    {
        validation.MapGet("/{kind}", Names).WithName(nameof(ListNames));
        validation.MapGet("/{kind}/accounts", AccountsWith).WithName("ListAccountsWithName");
    }

    static async Task<Results<Ok<Found>, NotFound>> Names(string kind, Person person, DirectoryReplica directory, AccountNumbers numbers, SearchConnections connections, CancellationToken cancel)
    {
        if (!kinds.TryGetValue(kind, out var stored))
            return TypedResults.NotFound();
        var reached = (await numbers.Of(directory.ReachOf(person), null, null, cancel))!;
        var names = new List<Name>();
        await using var command = connections.Source.CreateCommand("select name, count(*)::int from account_name where kind = $1 and account_no = any($2) group by name order by lower(name), name");
        command.Parameters.AddWithValue(stored);
        command.Parameters.AddWithValue(reached.Numbers);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            names.Add(new(rows.GetString(0), rows.GetInt32(1), null));
        return TypedResults.Ok(new Found(names, []));
    }

    static async Task<Results<Ok<Page<AccountWithName>>, NotFound>> AccountsWith(string kind, string name, Person person, DirectoryReplica directory, AccountNumbers numbers, SearchConnections connections, CancellationToken cancel)
    {
        var reach = directory.ReachOf(person);
        if (!kinds.TryGetValue(kind, out var stored) || name.Contains('\0'))
            return TypedResults.NotFound();
        var reached = (await numbers.Of(reach, null, null, cancel))!;
        var accounts = new List<AccountWithName>();
        await using var command = connections.Source.CreateCommand("select account_no, uses from account_name where kind = $1 and name = $2 and account_no = any($3)");
        command.Parameters.AddWithValue(stored);
        command.Parameters.AddWithValue(name);
        command.Parameters.AddWithValue(reached.Numbers);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            var code = reached.Code(rows.GetInt32(0));
            accounts.Add(new(code, reach.Accounts[code].Name, rows.GetInt32(1), reached.AsOf(rows.GetInt32(0))));
        }
        return TypedResults.Ok(new Page<AccountWithName>([.. accounts.OrderBy(account => account.AccountName, StringComparer.Ordinal)], null));
    }

    /// <param name="Groups">Likely slips, grouped with the name they should be.</param>
    public sealed record Found(IReadOnlyList<Name> Names, IReadOnlyList<object> Groups);

    /// <param name="Probably">The name that this is a likely slip of.</param>
    public sealed record Name([property: System.Text.Json.Serialization.JsonPropertyName("name")] string Text, int Accounts, string? Probably);

    public sealed record AccountWithName(string Account, string AccountName, int Uses, DateTimeOffset? AsOf);
}

using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.Search.Validation;

/// <summary>
/// Every name of a level, program or charge category in reach, exactly as written, with the number of accounts that have it, and the likely
/// slips among them. Everything is derived from the names in reach alone.
/// </summary>
public static class ListNames
{
    const int MostAtAGlance = 40;

    /// <summary>The kinds by the word in the address.</summary>
    static readonly Dictionary<string, string> kinds = new()
    {
        ["levels"] = "level", ["programs"] = "program", ["charge-categories"] = "charge-category"
    };

    public static void MapValidation(this RouteGroupBuilder validation)
    {
        validation.MapGet("/{kind}", Names).WithName(nameof(ListNames));
        validation.MapGet("/{kind}/accounts", AccountsWith).WithName("ListAccountsWithName");
        DismissSlip.Map(validation);
    }

    internal static string? Stored(string kind) => kinds.GetValueOrDefault(kind);

    static async Task<Results<Ok<NamesInReach>, NotFound>> Names(
        string kind,
        Person person,
        DirectoryReplica directory,
        AccountNumbers numbers,
        NpgsqlDataSource db,
        CancellationToken cancel)
    {
        if (Stored(kind) is not { } stored)
            return TypedResults.NotFound();
        var names = await InReach(stored, person, directory, numbers, db, cancel);
        var dismissals = await Dismissals.For(person, stored, directory, db, cancel);
        var (read, places) = await ReadAccounts(directory.ReachOf(person), numbers, cancel);
        var groups = GroupSlips.Of(names, (one, other) => dismissals.Exists(dismissal => dismissal.SaysTwo(one, other)));

        var probably = groups.SelectMany(group => group.Slips.Select(slip => (slip.Name.Text, group.Right.Text))).ToDictionary();
        var here = names.Select(name => name.Text).ToHashSet();
        return TypedResults.Ok(new NamesInReach(
            [
                .. names.Select(name => new NameInReach(name.Text, name.Accounts, probably.GetValueOrDefault(name.Text),
                    places.Count == 0 ? null : [.. name.Numbers.Where(places.ContainsKey).Select(number => places[number]).Order()]))
            ],
            [.. groups.Select(group => new SlipGroup(group.Right.Text, group.Right.Accounts,
                [.. group.Slips.Select(slip => new LikelySlip(slip.Name.Text, slip.Name.Accounts, slip.Slip.Why))]))],
            [.. dismissals.Where(dismissal => here.Contains(dismissal.Probably) && dismissal.Names.Any(here.Contains))
                .Select(dismissal =>
                    DismissSlip.ItemOf(dismissal with { Names = [.. dismissal.Names.Where(here.Contains)] }, person, directory))],
            read));
    }

    /// <summary>
    /// The accounts in reach whose names are in the index, by name, and their places by number; none if there are too many.
    /// </summary>
    static async Task<(IReadOnlyList<AccountCode> Read, IReadOnlyDictionary<int, int> Places)> ReadAccounts(
        Reach reach, AccountNumbers numbers, CancellationToken cancel)
    {
        var reached = (await numbers.Of(reach, null, null, cancel))!;
        var read = reached.Numbers.Where(number => reached.AsOf(number) is not null)
            .Select(number => (Number: number, Code: reached.Code(number)))
            .OrderBy(account => reach.Accounts[account.Code].Name, StringComparer.OrdinalIgnoreCase).ToList();
        if (read.Count > MostAtAGlance)
            return ([], new Dictionary<int, int>());
        return ([.. read.Select(account => new AccountCode(account.Code, reach.Accounts[account.Code].Name))],
            read.Index().ToDictionary(account => account.Item.Number, account => account.Index));
    }

    internal static async Task<List<UsedName>> InReach(
        string stored,
        Person person,
        DirectoryReplica directory,
        AccountNumbers numbers,
        NpgsqlDataSource db,
        CancellationToken cancel)
    {
        var reached = (await numbers.Of(directory.ReachOf(person), null, null, cancel))!;
        var names = new List<UsedName>();
        await using var command =
            db.CreateCommand(
                """
                select name, count(*)::int, sum(uses)::bigint, array_agg(account_no) from account_name
                  where kind = $1 and account_no = any($2) group by name order by lower(name), name
                """);
        command.Parameters.AddWithValue(stored);
        command.Parameters.AddWithValue(reached.Numbers);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            names.Add(new(rows.GetString(0), rows.GetInt32(1), rows.GetInt64(2)) { Numbers = rows.GetFieldValue<int[]>(3) });
        return names;
    }

    static async Task<Results<Ok<Page<AccountWithName>>, NotFound>> AccountsWith(
        string kind,
        string name,
        Person person,
        DirectoryReplica directory,
        AccountNumbers numbers,
        SearchConnections connections,
        CancellationToken cancel)
    {
        var reach = directory.ReachOf(person);
        if (Stored(kind) is not { } stored || name.Contains('\0'))
            return TypedResults.NotFound();
        var reached = (await numbers.Of(reach, null, null, cancel))!;
        var accounts = new List<AccountWithName>();
        await using var command = connections.Source.CreateCommand(
            "select account_no, uses from account_name where kind = $1 and name = $2 and account_no = any($3)");
        command.Parameters.AddWithValue(stored);
        command.Parameters.AddWithValue(name);
        command.Parameters.AddWithValue(reached.Numbers);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            var code = reached.Code(rows.GetInt32(0));
            accounts.Add(new(code, reach.Accounts[code].Name, rows.GetInt32(1), reached.AsOf(rows.GetInt32(0))));
        }
        return TypedResults.Ok(
            new Page<AccountWithName>([.. accounts.OrderBy(account => account.AccountName, StringComparer.Ordinal)], null));
    }
}

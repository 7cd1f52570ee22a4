using System.Text.RegularExpressions;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.AccountApi;

/// <summary><c>GET families?phone={E.164}</c>: called while a phone rings, so it is one lookup in one index.</summary>
public static partial class FindByPhone
{
    const int Most = 50; // nobody picks from more with a caller on the line

    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/families", Handle).WithName(nameof(FindByPhone)).OpensWith(AccountScopes.Search);

    static async Task<Results<Ok<LiveFamilies>, ValidationProblem>> Handle(
        string phone, Account account, NpgsqlDataSource db, CancellationToken cancel)
    {
        if (!E164().IsMatch(phone))
            return Refusal.Invalid("phone", "Give the number as E.164, with the plus sign encoded: %2B15125550102.");
        await using var command = db.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = account.Code });
        command.Parameters.Add(new() { Value = phone });
        command.Parameters.Add(new() { Value = Most });
        await using var row = await command.ExecuteReaderAsync(cancel);
        var families = new List<LiveFamily>();
        while (await row.ReadAsync(cancel))
            families.Add(new(PortalFamily.Id(row.GetInt64(0)), row.GetString(1)));
        return TypedResults.Ok(new LiveFamilies(families));
    }

    public const string Sql = """
        select f.id, f.name from phone p join family f on f.account = p.account and f.id = p.family
        where p.account = $1 and p.phone = $2 and f.erased_at is null order by f.id limit $3
        """;

    [GeneratedRegex(@"^\+[1-9][0-9]{4,14}$")]
    private static partial Regex E164();
}

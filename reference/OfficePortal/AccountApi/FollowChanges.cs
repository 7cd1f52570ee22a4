using System.Data;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.AccountApi;

/// <summary>
/// <c>GET changes?after={cursor}</c>: families that changed since the cursor, in their current state. Naming a family twice is harmless.
/// </summary>
public static class FollowChanges
{
    const int Most = 500;

    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/changes", Handle).WithName(nameof(FollowChanges)).OpensWith(AccountScopes.Families);

    static async Task<Results<Ok<FamilyChanges>, ValidationProblem, ProblemHttpResult>> Handle(
        string after, int? limit, Account account, NpgsqlDataSource db, TimeProvider clock, CancellationToken cancel)
    {
        if (!ChangeCursor.TryParse(after, out var from))
            return Refusal.Invalid("after", "This is not a cursor of this account. Take the one of a snapshot's header.");
        await using var connection = await db.OpenConnectionAsync(cancel);
        var takenAt = clock.GetUtcNow();
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        var last = await ChangeCursor.Last(connection, account.Code, account.Today(clock), cancel);
        if (from.Change > last.Change)
            return Refusal.Of("cursor-unknown", "The account has been restored to an earlier state. Read a snapshot.",
                StatusCodes.Status410Gone);

        var most = Math.Clamp(limit ?? Most, 1, Most);
        var (named, upTo) = await Changed(connection, account.Code, from, most, cancel);
        var more = upTo < last.Change;
        // The cursor moves to a new day with the last page only; until then it keeps the day with which it came.
        if (!more && from.Day < last.Day)
            await Turned(named, connection, account.Code, from.Day, last.Day, cancel);
        var (families, erased) = await AsTheyAreNow(named, connection, account.Code, last.Day, cancel);
        string[] removed = [.. named.Select(PortalFamily.Id).Except(families.Select(family => family.Id)).Except(erased)];
        return TypedResults.Ok(
            new FamilyChanges(new ChangeCursor(upTo, more ? from.Day : last.Day).ToString(), more, takenAt, families, removed, erased));
    }

    static async Task<(HashSet<long> Families, long UpTo)> Changed(
        NpgsqlConnection connection, string account, ChangeCursor from, int most, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "select family, cursor from family_change where account = $1 and cursor > $2 order by cursor limit $3", connection)
        {
            Parameters = { new() { Value = account }, new() { Value = from.Change }, new() { Value = most } }
        };
        await using var row = await command.ExecuteReaderAsync(cancel);
        var (families, upTo) = (new HashSet<long>(), from.Change);
        while (await row.ReadAsync(cancel))
        {
            families.Add(row.GetInt64(0));
            upTo = row.GetInt64(1);
        }
        return (families, upTo);
    }

    /// <summary>Families with an enrollment that began or ended after <paramref name="since"/>, up to <paramref name="today"/>.</summary>
    static async Task Turned(HashSet<long> families, NpgsqlConnection connection, string account, DateOnly since, DateOnly today,
        CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("""
            select distinct s.family from enrollment e join student s on s.account = e.account and s.id = e.student
            where e.account = $1 and (e.start_date > $2 and e.start_date <= $3 or e.drop_date >= $2 and e.drop_date < $3)
            """, connection) { Parameters = { new() { Value = account }, new() { Value = since }, new() { Value = today } } };
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            families.Add(row.GetInt64(0));
    }

    static async Task<(List<AccountFamily> Families, List<string> Erased)> AsTheyAreNow(
        HashSet<long> ids, NpgsqlConnection connection, string account, DateOnly today, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand($"""
            {PortalFamily.Select} where f.account = @account and f.id = any(@ids) and f.erased_at is null order by f.id;
            select id from family where account = @account and id = any(@ids) and erased_at is not null
            """, connection) { Parameters = { new("account", account), new("ids", ids.ToArray()), new("today", today) } };
        await using var row = await command.ExecuteReaderAsync(cancel);
        var (families, erased) = (new List<AccountFamily>(), new List<string>());
        while (await row.ReadAsync(cancel))
            families.Add(PortalFamily.Read(row));
        await row.NextResultAsync(cancel);
        while (await row.ReadAsync(cancel))
            erased.Add(PortalFamily.Id(row.GetInt64(0)));
        return (families, erased);
    }
}

using System.Text.Json;
using Dapper;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Restrictions;

/// <summary>
/// <c>PUT</c> and <c>GET restrictions</c>: the permissions that the enterprise has removed here. The set is stored as delivered: an id that
/// this account does not know is harmless and not enforced, so that a newer portal can still deliver the rest.
/// </summary>
public static class ApplyRestrictions
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapPut("/restrictions", Handle).WithName(nameof(ApplyRestrictions)).OpensWith(AccountScopes.Restrictions);
        api.MapGet("/restrictions", (Account account, NpgsqlDataSource db) => Now(account, db)).WithName("ReadRestrictions")
            .OpensWith(AccountScopes.Restrictions, AccountScopes.Pairing);
    }

    static async Task<Results<NoContent, ValidationProblem>> Handle(
        RestrictionSet set,
        Account account,
        NpgsqlDataSource db,
        AuditWriter audit,
        TimeProvider clock,
        CancellationToken cancel)
    {
        if (!IsWhole(set.Restrictions))
            return Refusal.Invalid("restrictions", "A set names each permission once, with the groups that remove it and their reasons.");
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var both = await connection.BeginTransactionAsync(cancel);
        var before = await connection.ExecuteScalarAsync<string?>(
            "select restrictions from restriction_set where account = @Code for update", new { account.Code });
        // The row decides, even between two simultaneous calls: only a higher version gets in.
        var applied = await connection.ExecuteAsync("""
            insert into restriction_set (account, version, restrictions, received_at) values (@Code, @Version, @restrictions::jsonb, @now)
            on conflict (account) do update set version = excluded.version, restrictions = excluded.restrictions,
              received_at = excluded.received_at
            where restriction_set.version < excluded.version
            """, new
        {
            account.Code,
            set.Version,
            restrictions = JsonSerializer.Serialize(set.Restrictions, JsonSerializerOptions.Web),
            now = clock.GetUtcNow()
        });
        if (applied > 0)
            await audit.Write(connection, account, account.EnterpriseName!, account.ClientId!, null, "Enterprise restrictions changed",
                InWords(Read(before), set.Restrictions));
        await both.CommitAsync(cancel);
        return TypedResults.NoContent();
    }

    // The stored set is read at every request of everybody here: half a set would shut them all out.
    static bool IsWhole(IReadOnlyList<Restriction>? set) =>
        set?.All(one => one is { Permission: not null, Groups: not null }
            && one.Groups.All(group => group is { Name: not null, Reason: not null })) == true
        && set.DistinctBy(one => one.Permission).Count() == set.Count;

    /// <summary>Version 0 before the first set has arrived.</summary>
    public static async Task<RestrictionSet> Now(Account account, NpgsqlDataSource db)
    {
        await using var connection = await db.OpenConnectionAsync();
        var row = await connection.QuerySingleOrDefaultAsync<Row>(
            "select version, restrictions from restriction_set where account = @Code", new { account.Code });
        return new(row?.Version ?? 0, Read(row?.Restrictions));
    }

    static IReadOnlyList<Restriction> Read(string? restrictions) =>
        restrictions is null ? [] : JsonSerializer.Deserialize<List<Restriction>>(restrictions, JsonSerializerOptions.Web)!;

    /// <summary><c>Removed Bank Deposit (FIN-2) (Blue Dolphin: Audit); allowed again Delete payments</c>.</summary>
    static string InWords(IReadOnlyList<Restriction> before, IReadOnlyList<Restriction> after)
    {
        var was = before.ToDictionary(restriction => restriction.Permission, By);
        var removed = after.Where(restriction => was.GetValueOrDefault(restriction.Permission) != By(restriction))
            .Select(restriction => $"{Name(restriction.Permission)} ({By(restriction)})").ToList();
        var allowed = before.Select(restriction => restriction.Permission).Except(after.Select(restriction => restriction.Permission))
            .Select(Name).ToList();
        var words = new List<string>();
        if (removed.Count > 0)
            words.Add($"removed {string.Join(", ", removed)}");
        if (allowed.Count > 0)
            words.Add($"allowed again {string.Join(", ", allowed)}");
        return words.Count > 0 ? string.Join("; ", words) : "The same permissions as before";
    }

    static string By(Restriction restriction) => string.Join(", ", restriction.Groups.Select(group => $"{group.Name}: {group.Reason}"));

    static string Name(string permission) => PermissionCatalogue.ById.GetValueOrDefault(permission)?.Name ?? permission;

    sealed record Row(long Version, string Restrictions);
}

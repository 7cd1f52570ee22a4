using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Settings;

/// <summary>
/// Settings, and the names that should be the same in every account of an enterprise: levels, programs, charge categories. Each can be
/// renamed.
/// </summary>
public static class ListNames
{
    /// <param name="Path">Path of the page and of its permission: <c>settings/levels</c>, <c>settings.levels</c>.</param>
    /// <param name="Table">The table with the names.</param>
    /// <param name="Uses">The table and column that use the names.</param>
    public sealed record Kind(string Title, string Path, string Table, string UsedBy, (string Table, string Column) Uses);

    static readonly Kind[] Kinds =
    [
        new("Levels", "levels", "level", "classes", ("class", "level")),
        new("Programs", "programs", "program", "classes", ("class", "program")),
        new("Charge categories", "charge-categories", "charge_category", "charges", ("charge", "category"))
    ];

    public static void Map(RouteGroupBuilder staff)
    {
        staff.MapGet("/settings", () => new RazorComponentResult<SettingsPage>());
        foreach (var kind in Kinds)
        {
            staff.MapGet($"/settings/{kind.Path}",
                (string? name, Account account, Session session, NpgsqlDataSource db, AuditWriter audit) =>
                    Show(kind, name, account, session, db, audit)).Needs($"settings.{kind.Path}");
            staff.MapPost($"/settings/{kind.Path}/{{id:long}}",
                (long id, IFormCollection form, Account account, Session session, NpgsqlDataSource db, AuditWriter audit) =>
                    Rename(kind, id, form, account, session, db, audit)).Needs($"settings.{kind.Path}");
        }
    }

    static async Task<RazorComponentResult<NamesPage>> Show(
        Kind kind, string? name, Account account, Session session, NpgsqlDataSource db, AuditWriter audit)
    {
        await audit.Write(account, session, "Viewed settings", kind.Title);
        return await Page(kind, name, null, account, db);
    }

    static async Task<Results<RedirectHttpResult, RazorComponentResult<NamesPage>, NotFound>> Rename(
        Kind kind, long id, IFormCollection form, Account account, Session session, NpgsqlDataSource db, AuditWriter audit)
    {
        // Exactly as typed: Inter-Account Validation compares names including spaces.
        var name = $"{form["name"]}";
        if (string.IsNullOrWhiteSpace(name) || name.Length > 100)
            return await Page(kind, null, "A name has at least one letter and at most 100.", account, db);
        await using var connection = await db.OpenConnectionAsync();
        await using var both = await connection.BeginTransactionAsync();
        if (await connection.ExecuteScalarAsync<string?>($"select name from {kind.Table} where account = @Code and id = @id for update", new
            { account.Code, id }) is not { } before)
            return TypedResults.NotFound();
        try
        {
            await connection.ExecuteAsync($"update {kind.Table} set name = @name where account = @Code and id = @id", new
                { account.Code, id, name });
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return await Page(kind, name, $"There is already one called \"{name}\".", account, db);
        }
        if (name != before)
            await audit.Write(connection, account, session, "Changed settings", $"{kind.Title}: \"{before}\" is now \"{name}\"");
        await both.CommitAsync();
        return TypedResults.Redirect($"/{account.Code}/settings/{kind.Path}{QueryString.Create("name", name)}");
    }

    static async Task<RazorComponentResult<NamesPage>> Page(Kind kind, string? name, string? problem, Account account, NpgsqlDataSource db)
    {
        await using var connection = await db.OpenConnectionAsync();
        var names = (await connection.QueryAsync<UsedName>($"""
            select id, name, (select count(*) from {kind.Uses.Table} used
              where used.account = named.account and used.{kind.Uses.Column} = named.id)::int as uses
            from {kind.Table} named where account = @Code order by name
            """, new { account.Code })).AsList();
        return new(new { Kind = kind, Names = names, Marked = name, Problem = problem })
            { StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity };
    }
}

public sealed record UsedName(long Id, string Name, int Uses);

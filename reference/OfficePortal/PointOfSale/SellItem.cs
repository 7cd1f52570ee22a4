using System.Globalization;
using Dapper;
using EnterprisePortal.OfficePortal.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.PointOfSale;

/// <summary>Sells an item over the counter: a charge in the family's ledger, due today.</summary>
public static class SellItem
{
    public static void Map(RouteGroupBuilder staff)
    {
        staff.MapGet("/point-of-sale", (string? family, string? name, bool? sold, Account account, NpgsqlDataSource db) =>
            Page(account, db, new(family, null, null, null), sold == true ? "Sold, and in the family's ledger." : null, null, name))
                .Needs("pos.sell");
        staff.MapPost("/point-of-sale", Handle).Needs("pos.sell");
    }

    /// <param name="Family">The family's number, as shown on its page.</param>
    public sealed record Typed(string? Family, string? Item, string? Amount, long? Category);

    static async Task<Results<RedirectHttpResult, RazorComponentResult<SellPage>>> Handle(
        IFormCollection form,
        Account account,
        Session session,
        NpgsqlDataSource db,
        AuditWriter audit,
        TimeProvider clock)
    {
        var typed = new Typed($"{form["family"]}".Trim(), $"{form["item"]}".Trim(), $"{form["amount"]}".Trim(),
            long.TryParse(form["category"], CultureInfo.InvariantCulture, out var id) ? id : null);
        if (!decimal.TryParse(typed.Amount, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            || amount is <= 0 or > 99_999m || decimal.Round(amount, 2) != amount)
            return await Page(account, db, typed, null, "The price is an amount like 14.50.");
        if (typed.Item is "" or { Length: > 100 })
            return await Page(account, db, typed, null, "Say what is sold, in at most 100 letters.");
        await using var connection = await db.OpenConnectionAsync();
        await using var both = await connection.BeginTransactionAsync();
        var family = long.TryParse(typed.Family, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? await connection.ExecuteScalarAsync<string?>("""
                with sold as (
                  insert into charge (account, family, category, description, charge_date, due_date, amount, created_at, created_by)
                  select @Code, family.id, charge_category.id, @Item, @today, @today, @amount, @now, @Staff from family
                    join charge_category on charge_category.account = family.account and charge_category.id = @Category
                  where family.account = @Code and family.id = @number and erased_at is null returning family)
                select name from family join sold on family.id = sold.family where family.account = @Code
                """, new
            {
                account.Code,
                typed.Item,
                typed.Category,
                number,
                amount,
                session.Staff,
                today = account.Today(clock),
                now = clock.GetUtcNow()
            })
            : null;
        if (family is null)
            return await Page(account, db, typed, null, "No family has this number, or the category is not there any more.");
        await audit.Write(connection, account, session, "Sold item",
            string.Create(CultureInfo.InvariantCulture, $"{typed.Item} for {amount:0.00} to family {number} {family}"));
        await both.CommitAsync();
        return TypedResults.Redirect($"/{account.Code}/point-of-sale?family={number}&sold=true");
    }

    /// <param name="name">The beginning of a name, to choose a family by; of no use once it is chosen.</param>
    static async Task<RazorComponentResult<SellPage>> Page(
        Account account, NpgsqlDataSource db, Typed typed, string? done, string? problem, string? name = null)
    {
        await using var connection = await db.OpenConnectionAsync();
        var buyer = !long.TryParse(typed.Family, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? null
            : await connection.QuerySingleOrDefaultAsync<Buyer>(
                "select id, name from family where account = @Code and id = @id and erased_at is null", new { account.Code, id });
        var buyers = buyer is not null || string.IsNullOrWhiteSpace(name) ? []
            : (await connection.QueryAsync<Buyer>("""
                select id, name from family where account = @Code and erased_at is null and starts_with(lower(name), lower(@name))
                order by lower(name), id limit 20
                """, new { account.Code, name = name.Trim() })).AsList();
        var categories =
            (await connection.QueryAsync<Category>("select id, name from charge_category where account = @Code order by name",
                new { account.Code })).AsList();
        return new(new
        {
            Sale = typed,
            Buyer = buyer,
            Name = name,
            Buyers = buyers,
            Categories = categories,
            Done = done,
            Problem = problem
        })
        {
            StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity
        };
    }
}

public sealed record Category(long Id, string Name);

/// <summary>A family, by its number.</summary>
public sealed record Buyer(long Id, string Name);

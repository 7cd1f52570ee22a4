using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Settings;

/// <summary>Settings, and the names that should be the same in every account of an enterprise: levels, programs, charge categories.</summary>
public static class ListNames
{
    public static void Map(RouteGroupBuilder staff)
    {
        staff.MapGet("/settings", () => new RazorComponentResult<SettingsPage>());
        staff.MapGet("/settings/levels", Pages("Levels", "classes", "select name, (select count(*) from class where class.account = level.account and class.level = level.id)::int as uses from level where account = @Code order by name"))
            .Needs("settings.levels");
        staff.MapGet("/settings/programs", Pages("Programs", "classes", "select name, (select count(*) from class where class.account = program.account and class.program = program.id)::int as uses from program where account = @Code order by name"))
            .Needs("settings.programs");
        staff.MapGet("/settings/charge-categories", Pages("Charge categories", "charges", "select name, (select count(*) from charge where charge.account = charge_category.account and charge.category = charge_category.id)::int as uses from charge_category where account = @Code order by name"))
            .Needs("settings.charge-categories");
    }

    static Func<Account, Session, string?, NpgsqlDataSource, AuditWriter, Task<RazorComponentResult<NamesPage>>> Pages(string title, string usedBy, string sql) =>
        async (Account account, Session session, string? name, NpgsqlDataSource db, AuditWriter audit) =>
        {
            await using var connection = await db.OpenConnectionAsync();
            var names = (await connection.QueryAsync<UsedName>(sql, new { account.Code })).AsList();
            await audit.Write(connection, account, session, "Viewed settings", title);
            return new(new { Title = title, UsedBy = usedBy, Names = names, Marked = name });
        };
}

public sealed record UsedName(string Name, int Uses);

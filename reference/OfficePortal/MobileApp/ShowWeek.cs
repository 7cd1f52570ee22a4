using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.MobileApp;

/// <summary>The staff's mobile app, as a page for a phone's home screen: an instructor's own classes, day by day.</summary>
public static class ShowWeek
{
    public static void Map(RouteGroupBuilder signedIn) => signedIn.MapGet("/mobile", Handle).Needs("access.mobile-app");

    static async Task<RazorComponentResult<WeekPage>> Handle(Account account, Session session, NpgsqlDataSource db)
    {
        await using var connection = await db.OpenConnectionAsync();
        var classes =
            (await connection.QueryAsync<WeekRow>(
                "select name, weekday, to_char(starts, 'FMHH12:MI AM') as starts, minutes, location from class where account = @Code "
                + "and instructor = @Staff order by weekday, class.starts",
            new { account.Code, session.Staff })).AsList();
        return new(new { Classes = classes });
    }
}

public sealed record WeekRow(string Name, int Weekday, string Starts, int Minutes, string Location);

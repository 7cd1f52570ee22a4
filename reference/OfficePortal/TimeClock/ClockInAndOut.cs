using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.Layout;
using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.TimeClock;

/// <summary>The time clock of the staff user who is signed in.</summary>
public static class ClockInAndOut
{
    public static void Map(RouteGroupBuilder signedIn)
    {
        var clock = signedIn.MapGroup("/time-clock").Needs("access.time-clock");
        clock.MapGet("", Show);
        clock.MapPost("", Handle);
    }

    static async Task<RazorComponentResult<TimeClockPage>> Show(Account account, Session session, NpgsqlDataSource db)
    {
        await using var connection = await db.OpenConnectionAsync();
        var entries =
            (await connection.QueryAsync<ClockEntry>(
                "select clocked_in_at, clocked_out_at from time_clock_entry where account = @Code and staff = @Staff order by "
                + "clocked_in_at desc limit 20",
            new { account.Code, session.Staff })).AsList();
        return new(new { Entries = entries });
    }

    // The form is bound only for its anti-forgery token.
    static async Task<IResult> Handle(
        IFormCollection form, Account account, Session session, NpgsqlDataSource db, AuditWriter audit, TimeProvider clock)
    {
        if (session.Person is not null)
            return ProblemPage.Of(StatusCodes.Status422UnprocessableEntity, "The time clock is for the account's own staff",
                "You entered via the Enterprise Portal: these would be somebody else's working hours.");
        await using var connection = await db.OpenConnectionAsync();
        await using var both = await connection.BeginTransactionAsync();
        var who = new { account.Code, session.Staff, now = clock.GetUtcNow() };
        var left = await connection.ExecuteAsync(
            "update time_clock_entry set clocked_out_at = @now where account = @Code and staff = @Staff and clocked_out_at is null", who);
        if (left == 0)
            await connection.ExecuteAsync(
                "insert into time_clock_entry (account, staff, clocked_in_at) values (@Code, @Staff, @now) on conflict do nothing", who);
        await audit.Write(connection, account, session, left == 0 ? "Clocked in" : "Clocked out", $"Staff user {session.Staff}");
        await both.CommitAsync();
        return TypedResults.Redirect($"/{account.Code}/time-clock");
    }
}

[method: ExplicitConstructor]
public sealed record ClockEntry(DateTime ClockedInAt, DateTime? ClockedOutAt);

using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Reports.Runs;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Reports.Schedules;

/// <summary>A person's own schedules. Deleting what is gone answers 404; what is there twice was asked for twice.</summary>
public static class EditSchedules
{
    /// <param name="Every"><c>week</c> (each Monday, for the week before) or <c>month</c> (each first, for the month before).</param>
    /// <param name="Parameters">Filters; dates are filled in at each run.</param>
    public record Body(string Report, string Every, ReportParameters? Parameters);

    public record Item(Guid Id, string Report, string ReportName, string Every, ReportParameters Parameters, DateTimeOffset NextRun, string? Problem)
    {
        internal static Item Of(Schedule schedule) => new(schedule.Id, schedule.Report, ReportCatalogue.Find(schedule.Report)!.Name, schedule.Every,
            JsonSerializer.Deserialize<ReportParameters>(schedule.Parameters, JsonSerializerOptions.Web)!, schedule.NextRun, schedule.Problem);
    }

    public static void Map(RouteGroupBuilder schedules)
    {
        schedules.MapGet("", List).WithName("ListSchedules");
        schedules.MapPost("", Create).WithName("CreateSchedule");
        schedules.MapDelete("/{id:guid}", Delete).WithName("DeleteSchedule");
    }

    static async Task<Ok<Page<Item>>> List(ReportsDb db, Person person, CancellationToken cancel) =>
        TypedResults.Ok(new Page<Item>([.. (await db.Schedules.AsNoTracking().Where(row => row.ById == person.Id).OrderBy(row => row.Id).ToListAsync(cancel)).Select(Item.Of)], null));

    static async Task<Results<Created<Item>, ValidationProblem, ProblemHttpResult>> Create(Body body, ReportsDb db, DirectoryReplica directory, ActivityRecorder activities, Person person, TimeProvider clock, CancellationToken cancel)
    {
        var day = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        if (body.Every is not (Schedule.Week or Schedule.Month))
            return Refusal.Invalid("every", "Choose week or month.");
        var parameters = body.Parameters ?? new();
        if (NewRun.Problem(body.Report, parameters with { From = day, To = day }) is var (field, words))
            return Refusal.Invalid(field, words);
        var reach = directory.ReachOf(person);
        if (reach.Accounts.Count == 0)
            return Refusal.Of("no-accounts", "There is no account in your reach to run this report for.");
        // The week ends where most of the person's accounts are.
        var zone = reach.Accounts.Values.GroupBy(account => account.TimeZone).MaxBy(zone => zone.Count())!.Key;
        var schedule = new Schedule
        {
            Report = body.Report, Every = body.Every, TimeZone = zone, Parameters = JsonSerializer.Serialize(parameters with { From = null, To = null, AsOf = null }, JsonSerializerOptions.Web),
            ById = person.Id, ByName = person.Name, ByEmail = person.Email, ByLevel = person.Level, GroupId = person.GroupId, NextRun = Period.NextRun(body.Every, zone, clock.GetUtcNow())
        };
        db.Add(schedule);
        db.Publish(activities.Of(person, "schedule.created", $"{ReportCatalogue.Find(body.Report)!.Name}, each {body.Every}"));
        await db.SaveChangesAsync(cancel);
        return TypedResults.Created($"/api/reports/schedules/{schedule.Id}", Item.Of(schedule));
    }

    static async Task<Results<NoContent, NotFound>> Delete(Guid id, ReportsDb db, ActivityRecorder activities, Person person, CancellationToken cancel)
    {
        if (await db.Schedules.SingleOrDefaultAsync(row => row.Id == id && row.ById == person.Id, cancel) is not { } schedule)
            return TypedResults.NotFound();
        db.Remove(schedule);
        db.Publish(activities.Of(person, "schedule.deleted", $"{ReportCatalogue.Find(schedule.Report)!.Name}, each {schedule.Every}"));
        await db.SaveChangesAsync(cancel);
        return TypedResults.NoContent();
    }
}

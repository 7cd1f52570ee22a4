using System.Text.Json;
using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Reports.Runs;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Reports.Schedules;

public static class CreateSchedule
{
    const int Most = 50;

    public static void Map(RouteGroupBuilder schedules) => schedules.MapPost("", Handle).WithName(nameof(CreateSchedule));

    static async Task<Results<Created<ScheduleItem>, ValidationProblem, ProblemHttpResult>> Handle(
        ScheduleRequest body,
        ReportsDb db,
        DirectoryReplica directory,
        ActivityRecorder activities,
        Person person,
        TimeProvider clock,
        CancellationToken cancel)
    {
        if (ReportCatalogue.Find(body.Report) is not { } report)
            return Refusal.Invalid("report", NewRun.NoSuchReport);
        var day = body.Day ?? 1;
        var usual = report.Dates == ReportDates.Day ? "day-before" : body.Every == Schedule.Week ? "last-week" : "last-month";
        var covers = body.Covers ?? usual;
        if (body.Every is not (Schedule.Week or Schedule.Month))
            return Refusal.Invalid("every", "Choose week or month.");
        if (day < 1 || day > (body.Every == Schedule.Week ? 7 : 28))
            return Refusal.Invalid("day", body.Every == Schedule.Week ? "Choose a day from 1 (Monday) to 7."
                : "Choose a day from 1 to 28, which every month has.");
        if (ReportCatalogue.Coverings(report.Dates).All(known => known.Value != covers))
            return Refusal.Invalid("covers", "Choose dates that this report can have.");
        var now = clock.GetUtcNow();
        var (asked, errors) = report.ReadFilters(body.Parameters);
        if (errors.Count > 0)
            return TypedResults.ValidationProblem(errors);
        var parameters = asked with { From = null, To = null, AsOf = null };
        var reach = directory.ReachOf(person);
        if (NewRun.AccountsOf(reach, body.Group) is not { } accounts)
            return Refusal.Invalid("group", "Choose your group or one below it.");
        if (accounts.Count == 0)
            return Refusal.Of("no-accounts", "There is no active account in that group to run this report for.");
        if (await db.Schedules.CountAsync(row => row.ById == person.Id, cancel) >= Most)
            return Refusal.Of("too-many-schedules", $"You have {Most} schedules. Delete one first.");

        // Its day begins in the zone of most of its accounts.
        var zone = accounts.GroupBy(account => account.TimeZone).MaxBy(zone => zone.Count())!.Key;
        var schedule = new Schedule
        {
            Report = report.Code, Every = body.Every, Day = day, Covers = covers, TimeZone = zone,
            Parameters = JsonSerializer.Serialize(parameters, NewRun.Given),
            ForGroupId = body.Group ?? person.GroupId, ById = person.Id, ByName = person.Name, ByEmail = person.Email,
            ByLevel = person.Level, GroupId = person.GroupId,
            NextRun = Period.NextRun(body.Every, day, zone, now)
        };
        db.Add(schedule);
        db.Publish(activities.Of(person, AuditActions.ScheduleCreated, schedule.InWords(),
            details: new { covers, group = schedule.ForGroupId, parameters }));
        await db.SaveChangesAsync(cancel);
        return TypedResults.Created($"/api/reports/schedules/{schedule.Id}", ScheduleItem.Of(schedule, null, person, reach, directory));
    }

    /// <summary>For the Audit Log: <c>Bank Deposit (FIN-2), each month</c></summary>
    internal static string InWords(this Schedule schedule) =>
        $"{ReportCatalogue.Find(schedule.Report)!.Name} ({schedule.Report}), each {schedule.Every}";
}

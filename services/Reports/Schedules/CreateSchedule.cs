using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Http;
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
        var (plan, invalid, refused) = SchedulePlan.Read(body, person, directory.ReachOf(person));
        if (plan is null)
            return invalid is not null ? invalid : refused!;
        if (await db.Schedules.CountAsync(row => row.ById == person.Id, cancel) >= Most)
            return Refusal.Of("too-many-schedules", $"You have {Most} schedules. Delete one first.");

        var schedule = new Schedule
        {
            Report = plan.Report, Every = plan.Every, Day = plan.Day, Covers = plan.Covers, TimeZone = plan.TimeZone,
            Parameters = plan.Parameters, ForGroupId = plan.Group, ById = person.Id, ByName = person.Name, ByEmail = person.Email,
            ByLevel = person.Level, GroupId = person.GroupId,
            NextRun = Period.NextRun(plan.Every, plan.Day, plan.TimeZone, clock.GetUtcNow())
        };
        db.Add(schedule);
        db.Publish(activities.Of(person, AuditActions.ScheduleCreated, schedule.InWords(), details: plan.Details));
        await db.SaveChangesAsync(cancel);
        return TypedResults.Created($"/api/reports/schedules/{schedule.Id}",
            ScheduleItem.Of(schedule, null, person, directory.ReachOf(person), directory));
    }

    /// <summary>For the Audit Log: <c>Bank Deposit (FIN-2), each month</c></summary>
    internal static string InWords(this Schedule schedule) =>
        $"{ReportCatalogue.Find(schedule.Report)!.Name} ({schedule.Report}), each {schedule.Every}";
}

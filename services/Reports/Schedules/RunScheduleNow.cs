using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Reports.Runs;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Reports.Schedules;

/// <summary>Runs as if today were its day: with its owner's rights, and its owner is told. Its next date stays.</summary>
public static class RunScheduleNow
{
    public static void Map(RouteGroupBuilder schedules) => schedules.MapPost("/{id:guid}/run", Handle).WithName(nameof(RunScheduleNow));

    static async Task<Results<Accepted<RunItem>, NotFound, ProblemHttpResult>> Handle(Guid id, ReportsDb db, DirectoryReplica directory,
        ScheduledRun scheduled, ActivityRecorder activities, Person person, TimeProvider clock, CancellationToken cancel)
    {
        var reach = directory.ReachOf(person);
        if (await db.Find(id, person, reach, cancel) is not { } schedule)
            return TypedResults.NotFound();
        if (!person.MayChange(schedule))
            return ChangeSchedule.NotYours(schedule);
        db.Publish(activities.Of(person, AuditActions.ScheduleRunNow, schedule.InWords(), details: new { owner = schedule.ByName }));
        var run = await scheduled.Start(schedule, Period.DayOf(schedule.TimeZone, clock.GetUtcNow()), cancel);
        await db.SaveChangesAsync(cancel);
        return run is null
            ? Refusal.Of("schedule-skipped", schedule.Problem!)
            : TypedResults.Accepted($"/api/reports/runs/{run.Id}", RunItem.Of(run, reach));
    }
}

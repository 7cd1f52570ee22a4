using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Reports.Schedules;

/// <summary>
/// Another day, other dates, filters or accounts; the report stays. Only by its owner, with whose rights it runs.
/// </summary>
public static class EditSchedule
{
    public static void Map(RouteGroupBuilder schedules) => schedules.MapPut("/{id:guid}", Handle).WithName(nameof(EditSchedule));

    static async Task<Results<NoContent, NotFound, ValidationProblem, ProblemHttpResult>> Handle(
        Guid id,
        ScheduleRequest body,
        ReportsDb db,
        DirectoryReplica directory,
        ActivityRecorder activities,
        Person person,
        TimeProvider clock,
        CancellationToken cancel)
    {
        var reach = directory.ReachOf(person);
        if (await db.Find(id, person, reach, cancel) is not { } schedule)
            return TypedResults.NotFound();
        if (!person.MayEdit(schedule))
            return Refusal.Of("not-yours", $"It runs with the rights of {schedule.ByName}: only they can change what it asks for.",
                StatusCodes.Status403Forbidden);
        if (body.Report != schedule.Report)
            return Refusal.Invalid("report", "A schedule keeps its report. Make another one.");
        var (plan, invalid, refused) = SchedulePlan.Read(body, person, reach);
        if (plan is null)
            return invalid is not null ? invalid : refused!;

        (schedule.Every, schedule.Day, schedule.Covers, schedule.TimeZone) = (plan.Every, plan.Day, plan.Covers, plan.TimeZone);
        (schedule.Parameters, schedule.ForGroupId, schedule.Problem) = (plan.Parameters, plan.Group, null);
        schedule.NextRun = Period.NextRun(plan.Every, plan.Day, plan.TimeZone, clock.GetUtcNow());
        db.Publish(activities.Of(person, AuditActions.ScheduleEdited, schedule.InWords(), details: plan.Details));
        await db.SaveChangesAsync(cancel);
        return TypedResults.NoContent();
    }
}

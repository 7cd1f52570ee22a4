using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Reports.Schedules;

/// <summary>Pauses, resumes or deletes a schedule. Runs missed while it is paused are not made up.</summary>
public static class ChangeSchedule
{
    public static void Map(RouteGroupBuilder schedules)
    {
        schedules.MapPatch("/{id:guid}", Pause).WithName("PauseSchedule");
        schedules.MapDelete("/{id:guid}", Delete).WithName("DeleteSchedule");
    }

    internal static ProblemHttpResult NotYours(Schedule schedule) =>
        Refusal.Of("not-yours", $"This is {schedule.ByName}'s schedule: they or an Admin can change it.", StatusCodes.Status403Forbidden);

    static async Task<Results<Ok<ScheduleItem>, NotFound, ProblemHttpResult>> Pause(
        Guid id,
        SchedulePause body,
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
        if (!person.MayChange(schedule))
            return NotYours(schedule);
        if (body.Paused != schedule.PausedAt is not null)
        {
            schedule.PausedAt = body.Paused ? clock.GetUtcNow() : null;
            schedule.NextRun = Period.NextRun(schedule.Every, schedule.Day, schedule.TimeZone, clock.GetUtcNow());
            db.Publish(activities.Of(person, body.Paused ? AuditActions.SchedulePaused : AuditActions.ScheduleResumed, schedule.InWords(),
                details: new { owner = schedule.ByName }));
            await db.SaveChangesAsync(cancel);
        }
        var owner = await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == schedule.ById, cancel);
        return TypedResults.Ok(ScheduleItem.Of(schedule, owner, person, reach, directory));
    }

    static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Delete(
        Guid id, ReportsDb db, DirectoryReplica directory, ActivityRecorder activities, Person person, CancellationToken cancel)
    {
        if (await db.Find(id, person, directory.ReachOf(person), cancel) is not { } schedule)
            return TypedResults.NotFound();
        if (!person.MayChange(schedule))
            return NotYours(schedule);
        db.Remove(schedule);
        db.Publish(activities.Of(person, AuditActions.ScheduleDeleted, schedule.InWords(), details: new { owner = schedule.ByName }));
        await db.SaveChangesAsync(cancel);
        return TypedResults.NoContent();
    }
}

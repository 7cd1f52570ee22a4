using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Reports.Schedules;

public static class ListSchedules
{
    public static void Map(RouteGroupBuilder schedules) => schedules.MapGet("", Handle).WithName(nameof(ListSchedules));

    static async Task<Ok<Page<ScheduleItem>>> Handle(ReportsDb db, DirectoryReplica directory, Person person, CancellationToken cancel)
    {
        var reach = directory.ReachOf(person);
        var schedules = await db.Schedules.AsNoTracking().VisibleTo(person, reach).OrderBy(row => row.NextRun).ThenBy(row => row.Id)
            .GroupJoin(db.Users, schedule => schedule.ById, user => user.Id, (schedule, users) => new { schedule, users })
            .SelectMany(row => row.users.DefaultIfEmpty(), (row, user) => new { row.schedule, user }).ToListAsync(cancel);
        return TypedResults.Ok(
            new Page<ScheduleItem>([.. schedules.Select(row => ScheduleItem.Of(row.schedule, row.user, person, reach, directory))], null));
    }
}

static class ScheduleItems
{
    const int MostUpcoming = 3;

    extension(ScheduleItem)
    {
        public static ScheduleItem Of(Schedule schedule, PortalUser? owner, Person viewer, Reach reach, DirectoryReplica directory) => new(
            schedule.Id, schedule.Report, ReportCatalogue.Find(schedule.Report)!.Name, schedule.Every, schedule.Day, schedule.Covers,
            schedule.TimeZone, JsonSerializer.Deserialize<ReportParameters>(schedule.Parameters, JsonSerializerOptions.Web)!,
            new(schedule.ForGroupId, reach.Groups.FirstOrDefault(group => group.Id == schedule.ForGroupId)?.Name ?? ""),
            schedule.ByName, schedule.ByLevel, viewer.MayChange(schedule), schedule.PausedAt is not null, schedule.NextRun,
            schedule.LastRunAt is { } at ? new(schedule.LastRunId, at) : null,
            OwnerNow.Of(schedule, owner, directory).Problem ?? schedule.Problem,
            viewer.MayEdit(schedule), [.. Upcoming(schedule)]);
    }

    /// <summary>None while it is paused.</summary>
    static IEnumerable<DateTimeOffset> Upcoming(Schedule schedule)
    {
        var next = schedule.NextRun;
        for (var run = 0; run < MostUpcoming && schedule.PausedAt is null; run++)
        {
            yield return next;
            next = Period.NextRun(schedule.Every, schedule.Day, schedule.TimeZone, next);
        }
    }
}

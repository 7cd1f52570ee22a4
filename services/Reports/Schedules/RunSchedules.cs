using System.Text.Json;
using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Reports.Runs;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Background;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.Observability;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Reports.Schedules;

/// <summary>
/// Starts due schedules. The row is locked while its run is written and its next date set, all in one transaction: of two replicas one
/// starts it, and a date missed while everything was down is made up once.
/// </summary>
sealed class RunSchedules(IServiceScopeFactory scopes, DirectoryReplica directory, TimeProvider clock, ILogger<RunSchedules> log)
    : BackgroundLoop(TimeSpan.FromSeconds(10), clock, log)
{
    protected override async Task Round(CancellationToken stop)
    {
        // Before the directory is known, every schedule would look as if its accounts were gone.
        while (directory.Enterprises.Any() && await StartOne(stop)) { }
    }

    async Task<bool> StartOne(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ReportsDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var now = Clock.GetUtcNow();
        var due = await db.Schedules.FromSql(
            $"select * from report_schedule where paused_at is null and next_run <= {now} order by next_run limit 1 for update skip locked")
                .ToListAsync(cancel);
        if (due is not [var schedule])
            return false;
        using var work = TracedWork.Begin("start scheduled run");
        await scope.ServiceProvider.GetRequiredService<ScheduledRun>()
            .Start(schedule, Period.DayOf(schedule.TimeZone, schedule.NextRun), cancel);
        schedule.NextRun = Period.NextRun(schedule.Every, schedule.Day, schedule.TimeZone, now);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }
}

/// <summary>A schedule's run, added to the context: with its owner's current rights; the owner is told when it is ready.</summary>
sealed class ScheduledRun(ReportsDb db, DirectoryReplica directory, ActivityRecorder activities, TimeProvider clock)
{
    /// <returns>null if it is skipped; the schedule then says why.</returns>
    public async Task<ReportRun?> Start(Schedule schedule, DateOnly day, CancellationToken cancel)
    {
        var known = await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == schedule.ById, cancel);
        var now = OwnerNow.Of(schedule, known, directory);
        var undated = JsonSerializer.Deserialize<ReportParameters>(schedule.Parameters, JsonSerializerOptions.Web)!;
        var asked = JsonSerializer.SerializeToElement(undated.Dated(schedule.Covers, day), NewRun.Given)
            .Deserialize<Dictionary<string, JsonElement>>();
        // The schedule may be older than the catalogue.
        var (report, parameters, errors) = NewRun.Read(schedule.Report, asked);
        var outdated = errors.Select(error => $"It cannot run as it was made. {error.Key}: {error.Value[0]}").FirstOrDefault();
        var problem = now.Problem ?? outdated;
        var run = problem is null
            ? NewRun.Add(db, now.Owner, now.Accounts, report!.Code, parameters, clock.GetUtcNow(), schedule.ByEmail)
            : null;
        // Its owner's current group and level decide who sees it, as with their runs.
        (schedule.GroupId, schedule.ByLevel) = (now.Owner.GroupId, now.Owner.Level);
        (schedule.Problem, schedule.LastRunId, schedule.LastRunAt) = (problem, run?.Id, clock.GetUtcNow());
        db.Publish(run is null
            ? activities.Of(now.Owner, AuditActions.ScheduleSkipped, schedule.InWords(), details: new { why = problem })
            : activities.Of(now.Owner, AuditActions.ReportStarted, $"{report!.Name} ({run.Report})",
                details: new { schedule = schedule.Id, parameters, accounts = run.Accounts.Count }));
        return run;
    }
}

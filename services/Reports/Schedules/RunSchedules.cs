using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Reports.Runs;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EnterprisePortal.Reports.Schedules;

/// <summary>
/// Starts what is due. The row is locked while its run is written and its next date set, all in one transaction: of two replicas one starts it,
/// and a date missed while everything was down is made up for once.
/// </summary>
sealed class RunSchedules(IServiceScopeFactory scopes, TimeProvider clock, ILogger<RunSchedules> log) : BackgroundService
{
    static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look);
        do
        {
            try
            {
                while (await StartOne(stoppingToken)) { }
            }
            catch (Exception e) when (e is NpgsqlException or DbUpdateException or InvalidOperationException)
            {
                log.LogWarning("Schedules are looked at again: {Problem}", e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    async Task<bool> StartOne(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ReportsDb>();
        var directory = scope.ServiceProvider.GetRequiredService<DirectoryReplica>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var now = clock.GetUtcNow();
        var due = await db.Schedules.FromSql($"select * from report_schedule where next_run <= {now} order by next_run limit 1 for update skip locked").ToListAsync(cancel);
        if (due is not [var schedule])
            return false;

        var owner = await OwnerNow(db, schedule, cancel);
        schedule.Problem = owner is null ? "Its owner no longer has access."
            : NewRun.Add(db, owner, directory.ReachOf(owner), schedule.Report, ParametersOf(schedule), now, schedule.ByEmail) is null ? "There was no active account in reach." : null;
        schedule.NextRun = Period.NextRun(schedule.Every, schedule.TimeZone, now);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    static ReportParameters ParametersOf(Schedule schedule)
    {
        var (from, to) = Period.Before(schedule.Every, schedule.TimeZone, schedule.NextRun);
        return JsonSerializer.Deserialize<ReportParameters>(schedule.Parameters, JsonSerializerOptions.Web)! with { From = from, To = to, AsOf = to };
    }

    static async Task<Person?> OwnerNow(ReportsDb db, Schedule schedule, CancellationToken cancel) =>
        await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == schedule.ById, cancel) switch
        {
            null => new(schedule.ById, schedule.ByName, schedule.ByEmail, schedule.ByLevel, schedule.GroupId, ""),
            { Status: "active" } user => new(user.Id, schedule.ByName, schedule.ByEmail, user.Level, user.GroupId, "", user.StaffEmail),
            _ => null
        };
}

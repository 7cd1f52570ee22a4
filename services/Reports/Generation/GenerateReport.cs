using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Reports;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Reports.Generation;

/// <summary>
/// Takes one account of a run on: start its report, follow it, keep its file. Safe to repeat and to kill anywhere: the account starts a report
/// once per run, and the row ends once (<see cref="EndAccount"/>). What takes longer than a moment is put back for later, so that
/// a slow or dead account holds no place that another could use.
/// </summary>
sealed class GenerateReport(ReportsDb db, DirectoryReplica directory, AccountReports reports, EndAccount end, HostSlots slots, TimeProvider clock) : IConsumer<GenerateAccountReport>
{
    static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(20), StayFor = TimeSpan.FromSeconds(2), LongestPause = TimeSpan.FromSeconds(30);

    public async Task Consume(ConsumeContext<GenerateAccountReport> context)
    {
        var (runId, code, cancel) = (context.Message.RunId, context.Message.Account, context.CancellationToken);
        var row = await db.RunAccounts.SingleOrDefaultAsync(account => account.RunId == runId && account.Account == code, cancel);
        if (row is null || !RunAccount.Open.Contains(row.State))
            return;
        var run = await db.Runs.AsNoTracking().SingleAsync(known => known.Id == runId, cancel);
        if (run.CancelledAt is not null)
            await end.Cancelled(row, "cancelled", cancel);
        else if (clock.GetUtcNow() > run.Deadline)
            await end.Failed(row, row.Problem ?? "The account did not deliver the report in time.", cancel);
        else if (await RequesterNow(run, code, cancel) is not { } requester)
            await end.Cancelled(row, "no longer in reach", cancel);
        else if (requester.StaffEmail is "")
            await end.Failed(row, EntryProblem.InWords(EntryProblem.NoLoginAs, null), cancel);
        else if (!await slots.Take(directory.Account(code)!, cancel))
            await Later(row, TimeSpan.FromSeconds(1), cancel);
        else
            try
            {
                await Step(run, row, directory.Account(code)!, requester, cancel);
            }
            catch (AccountUnavailable e)
            {
                row.Problem = e.Message;
                await Later(row, Pause(row.Polls++), cancel);
            }
            finally
            {
                slots.Give(directory.Account(code)!);
            }
    }

    async Task Step(ReportRun run, RunAccount row, AccountState account, ReportRequester requester, CancellationToken cancel)
    {
        if (row.TaskId is null)
        {
            if (await reports.Start(account, run, requester, cancel) is not { } started)
            {
                await end.Failed(row, "not permitted", cancel);
                return;
            }
            (row.TaskId, row.State, row.Problem, row.ChangedAt) = (started.Id, RunAccount.Running, null, clock.GetUtcNow());
            await db.SaveChangesAsync(cancel);
        }

        var until = clock.GetUtcNow() + StayFor;
        for (var pause = FirstLook; ; pause *= 2)
        {
            var task = await reports.Look(account, row.TaskId, cancel);
            if (task.State == RunAccount.Ready && task.File is not null)
                await end.Ready(row, task.File, parts => reports.Download(account, row.TaskId, task.File, parts, cancel), cancel);
            else if (task.IsOver)
                await end.Failed(row, task.Problem ?? "The account cancelled the report.", cancel);
            else if (clock.GetUtcNow() + pause > until)
                await Later(row, Pause(row.Polls++), cancel);
            else
            {
                await Task.Delay(pause, clock, cancel);
                continue;
            }
            return;
        }
    }

    /// <summary>With the rights they have now, not those of when they asked; null where the account is out of their reach by now.</summary>
    async Task<ReportRequester?> RequesterNow(ReportRun run, string code, CancellationToken cancel)
    {
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(known => known.Id == run.ById, cancel);
        if (user is { Status: not "active" })
            return null;
        var (level, group) = (user?.Level ?? run.ByLevel, user?.GroupId ?? run.GroupId);
        var reach = directory.ReachOf(group);
        return reach.Accounts.GetValueOrDefault(code) is { Status: AccountState.Active }
            ? new(run.ById, run.ByName, level, group, reach.Enterprise!.LoginAs(group, level == Person.Admin, user?.StaffEmail) ?? "",
                [.. reach.Enterprise.Ancestry(group).Skip(1).Select(above => above.Id)])
            : null;
    }

    async Task Later(RunAccount row, TimeSpan pause, CancellationToken cancel)
    {
        db.Publish(new GenerateAccountReport(row.RunId, row.Account), clock.GetUtcNow() + pause);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>1, 2, 4 … 30 s, a quarter of it left to chance so that accounts of one host do not come back together.</summary>
    static TimeSpan Pause(int polls) =>
        Math.Min(LongestPause.TotalSeconds, Math.Pow(2, Math.Min(polls, 10))) * (0.75 + Random.Shared.NextDouble() / 4) * TimeSpan.FromSeconds(1);
}

sealed class GenerateReportDefinition : ConsumerDefinition<GenerateReport>
{
    public GenerateReportDefinition() => ConcurrentMessageLimit = 64;

    protected override void ConfigureConsumer(IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<GenerateReport> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.PrefetchCount = 64;
}

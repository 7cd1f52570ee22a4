using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Reports;
using EnterprisePortal.Reports.Files;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Background;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.Messaging;
using EnterprisePortal.ServiceDefaults.SignIn;
using MassTransit;
using Npgsql;
using NpgsqlTypes;

namespace EnterprisePortal.Reports.Generation;

/// <summary>
/// Takes one account of a run further: start its report, follow it, collect its file. Safe to repeat and to kill anywhere: the account
/// starts a report once per run, and the row ends once (<see cref="EndAccount"/>). A report that takes longer than a moment is rescheduled,
/// so that a slow or dead account holds no place that another could use.
/// </summary>
sealed class GenerateReport(NpgsqlDataSource db, DirectoryReplica directory, FindWork find, AccountReports reports, ReportFiles files,
    EndAccount end, HostSlots slots, TimeProvider clock) : IConsumer<GenerateAccountReport>
{
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20), StayFor = TimeSpan.FromSeconds(2);
    static readonly Backoff Retry = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    public async Task Consume(ConsumeContext<GenerateAccountReport> context)
    {
        var cancel = context.CancellationToken;
        if (await find.Of(context.Message.RunId, context.Message.Account) is not { } work)
            return;
        if (!work.IsOpen)
            // The process that closed it may have been killed before it checked whether it was the last one.
            await end.FinishIfLast(work, cancel);
        else if (work.Run.IsCancelled)
            await end.Run(new(work, RunAccount.Cancelled, "cancelled"), cancel);
        else if (clock.GetUtcNow() > work.Run.Deadline)
            await end.Run(new(work, RunAccount.Failed, work.Problem ?? "The account did not deliver the report in time."), cancel);
        else if (work.Requester is { Status: not "active" })
            await end.Run(new(work, RunAccount.Cancelled, "the requester no longer has access"), cancel);
        else if (RequesterNow(work) is not { } requester)
            await end.Run(new(work, RunAccount.Cancelled, "no longer in reach"), cancel);
        else if (requester.StaffEmail is "")
            await end.Run(new(work, RunAccount.Failed, EntryProblem.InWords(EntryProblem.NoLoginAs, null)), cancel);
        else
            await InTurn(work, directory.Account(work.Account)!, requester, cancel);
    }

    async Task InTurn(AccountWork work, AccountState account, ReportRequester requester, CancellationToken cancel)
    {
        if (!await slots.Take(account, cancel))
        {
            await Later(work, TimeSpan.FromSeconds(1), cancel);
            return;
        }
        Ending? ending = null;
        try
        {
            ending = await Step(work, account, requester, cancel);
        }
        catch (AccountUnavailable e)
        {
            await Later(work with { Problem = e.Message, Polls = work.Polls + 1 }, Pause(work.Polls), cancel);
        }
        finally
        {
            slots.Give(account);
        }
        // Free the host's slot for another account while the end is written.
        if (ending is not null)
            await end.Run(ending, cancel);
    }

    /// <returns>null: not done yet, and rescheduled.</returns>
    async Task<Ending?> Step(AccountWork work, AccountState account, ReportRequester requester, CancellationToken cancel)
    {
        ReportTask? task = null;
        var (began, until) = (clock.GetTimestamp(), clock.GetUtcNow() + StayFor);
        if (work.TaskId is null && (task = await reports.Start(account, work, requester, cancel)) is null)
            return new(work, RunAccount.Failed, "not permitted");
        var id = task?.Id ?? work.TaskId!;
        // Slowly growing, for an account that does not hold its answer: the delay of a poll is a small part of the report's duration.
        for (var (asked, pause) = (began, FirstPause); task is not { IsOver: true }; pause *= 1.25)
        {
            // Most reports are ready at once, so only others are recorded as running; if this process is killed before that, the account is
            // asked again and returns the same task.
            if (work.TaskId is null && clock.GetElapsedTime(began) > FirstPause)
                await Running(work = work with { TaskId = id }, cancel);
            if (clock.GetUtcNow() + pause > until)
            {
                await Later(work with { Polls = work.Polls + 1 }, Pause(work.Polls), cancel);
                return null;
            }
            if (task is not null && pause - clock.GetElapsedTime(asked) is { Ticks: > 0 } rest)
                await Task.Delay(rest, clock, cancel);
            asked = clock.GetTimestamp();
            task = await reports.Ask(account, id, cancel);
        }
        work = work with { TaskId = id };
        return task is { State: RunAccount.Ready, File: { } file }
            ? new(work, RunAccount.Ready, null, await Collect(work, account, file, cancel))
            : new(work, RunAccount.Failed, task.Problem ?? "The account cancelled the report.");
    }

    async Task<CollectedParts> Collect(AccountWork work, AccountState account, ReportFile file, CancellationToken cancel)
    {
        var parts = new CollectedParts(db, files, work.RunId, work.Account, file);
        try
        {
            var read = await reports.Download(account, work.TaskId!, file, part => parts.Add(part, cancel), cancel);
            parts.About = read with { Unknown = Asked(work, read.Unknown) };
            return parts;
        }
        catch
        {
            await parts.DisposeAsync();
            throw;
        }
    }

    /// <summary>Of the names that the account does not have, only those of the request: others do not matter here.</summary>
    static IReadOnlyList<UnknownName>? Asked(AccountWork work, IReadOnlyList<UnknownName>? unknown)
    {
        var asked = JsonSerializer.Deserialize<ReportParameters>(work.Run.Parameters, JsonSerializerOptions.Web)!;
        var names = ReportCatalogue.Find(work.Run.Report)!.NamesIn(asked).Select(one => new UnknownName(one.Filter.Name, one.Name));
        return unknown is null ? null : [.. names.Where(unknown.Contains)];
    }

    /// <summary>With the requester's current rights, not those of the request; null if the account has left their reach.</summary>
    ReportRequester? RequesterNow(AccountWork work)
    {
        var (run, now) = (work.Run, work.Requester);
        var (level, group) = (now?.Level ?? run.ByLevel, now?.GroupId ?? run.GroupId);
        var reach = directory.ReachOf(group);
        return reach.Accounts.GetValueOrDefault(work.Account) is { Status: AccountState.Active }
            ? new(run.ById, run.ByName, level, group, reach.Enterprise!.LoginAs(group, level == Person.Admin, now?.StaffEmail) ?? "",
                [.. reach.Enterprise.Ancestry(group).Skip(1).Select(above => above.Id)])
            : null;
    }

    async Task Running(AccountWork work, CancellationToken cancel)
    {
        await using var command = db.CreateCommand(
            "update report_run_account set state = 'running', task_id = $3, problem = null, changed_at = $4 where run_id = $1 and "
            + "account = $2 and state in ('queued', 'running')");
        command.Parameters.AddWithValue(work.RunId);
        command.Parameters.AddWithValue(work.Account);
        command.Parameters.AddWithValue(work.TaskId!);
        command.Parameters.AddWithValue(clock.GetUtcNow());
        await command.ExecuteNonQueryAsync(cancel);
    }

    async Task Later(AccountWork work, TimeSpan pause, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var command = new NpgsqlCommand(
            "update report_run_account set polls = $3, problem = $4 where run_id = $1 and account = $2 and state in ('queued', 'running')",
            connection);
        command.Parameters.AddWithValue(work.RunId);
        command.Parameters.AddWithValue(work.Account);
        command.Parameters.AddWithValue(work.Polls);
        command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)work.Problem ?? DBNull.Value);
        if (await command.ExecuteNonQueryAsync(cancel) == 0)
            return;
        await connection.Publish(new GenerateAccountReport(work.RunId, work.Account), cancel, clock.GetUtcNow() + pause);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>1, 2, 4 … 30 s, a quarter of it random, so that accounts of one host do not all come back together.</summary>
    static TimeSpan Pause(int polls) =>
        Retry.After(polls + 1) * (0.75 + Random.Shared.NextDouble() / 4);
}

sealed class GenerateReportDefinition : ConsumerDefinition<GenerateReport>
{
    // More than a host has slots: while some accounts are read or ended, the broker's next ones are here already.
    public GenerateReportDefinition() => ConcurrentMessageLimit = 96;

    protected override void ConfigureConsumer(IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<GenerateReport> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.PrefetchCount = 160;
}

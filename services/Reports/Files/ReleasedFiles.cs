using System.Text.Json;
using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Reports.Runs;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Reports.Files;

/// <summary>
/// The collected files of a run that a viewer may have: each account is asked whether the viewer's login-as staff user may enter and open
/// that report there. An account that cannot be asked releases nothing; every account left out is named with the reason.
/// </summary>
sealed class ReleasedFiles(AccountApiClient accounts, ReportsDb db, ActivityRecorder activities)
{
    public const string NotPermitted = MissingAccount.NotPermitted;
    const int MostNamed = 10;
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    public sealed record File(string Account, ReportFile About);

    public sealed record LeftOut(string Account, string Why);

    public sealed record Released(ReportRun Run, IReadOnlyList<File> Files, IReadOnlyList<LeftOut> Missing)
    {
        /// <summary>A download's file name, without extension.</summary>
        /// <param name="account">null: all accounts.</param>
        public string FileName(string? account = null) =>
            ReportCatalogue.Find(Run.Report)!.FileName(account, Run.Asked, Run.CreatedAt, Run.Id);

        /// <summary>Files with different columns, or other kinds of them, make no single table.</summary>
        /// <returns>null if they do.</returns>
        public ProblemHttpResult? NotOneTable() =>
            Files.FirstOrDefault(file => !Shape(file).SequenceEqual(Shape(Files[0]))) is { } other
                ? Refusal.Of("columns-differ",
                    $"The report of {other.Account} has other columns than that of {Files[0].Account}, "
                    + "so they do not fit into one table. Download them one by one.")
                : null;

        static IEnumerable<(string, string)> Shape(File file) => file.About.Columns.Select(column => (column.Name, column.Kind));

        /// <summary>A viewer who may open no file of the run is told why, whatever they ask for.</summary>
        /// <returns>null if there is something to open.</returns>
        public ProblemHttpResult? NothingToOpen()
        {
            if (Files.Count > 0)
                return null;
            var reasons = Missing.Take(MostNamed).Select(account => $" {account.Account}: {account.Why.TrimEnd('.')}.");
            var others = Missing.Count > MostNamed ? $" And {Missing.Count - MostNamed} more." : "";
            return Refusal.Of("nothing-to-combine",
                $"No account of this run has a report that you may open.{string.Concat(reasons)}{others}");
        }
    }

    /// <param name="deadline">For each account's answer.</param>
    public async Task<Released?> Of(Guid runId, Person person, Reach reach, CancellationToken cancel, TimeSpan? deadline = null)
    {
        if (await db.Find(runId, person, reach, cancel) is not { } run)
            return null;
        var about = await db.Files.AsNoTracking().Where(file => file.RunId == runId && reach.Codes.Contains(file.Account))
            .ToDictionaryAsync(file => file.Account, file => file.About, cancel);
        var answers = await Task.WhenAll(run.Accounts.OrderBy(account => account.Account, StringComparer.Ordinal).Select(async account =>
            (account.Account, Why: account.State == RunAccount.Ready
                ? await WhyNot(reach.Accounts[account.Account], run.Report, person, reach, deadline ?? Deadline, cancel)
                : account.Problem ?? account.State)));
        return new(run,
            [.. answers.Where(answer => answer.Why is null)
                .Select(answer =>
                    new File(answer.Account, JsonSerializer.Deserialize<ReportFile>(about[answer.Account], JsonSerializerOptions.Web)!))],
            [.. answers.Where(answer => answer.Why is not null).Select(answer => new LeftOut(answer.Account, answer.Why!))]);
    }

    public Task Record(Released release, Person person, string what, CancellationToken cancel) =>
        Record(release, person, AuditActions.ReportDownloaded, what, cancel);

    public async Task Record(Released release, Person person, AuditAction action, string what, CancellationToken cancel)
    {
        db.Publish(activities.Of(person, action,
            $"{ReportCatalogue.Find(release.Run.Report)!.Name} ({release.Run.Report}), {what}",
            details: new { run = release.Run.Id, accounts = release.Files.Select(file => file.Account) }));
        await db.SaveChangesAsync(cancel);
    }

    /// <returns>null if the viewer may open that report in the account.</returns>
    public async Task<string?> WhyNot(
        AccountState account, string report, Person person, Reach reach, TimeSpan deadline, CancellationToken cancel)
    {
        if (account.Status != AccountState.Active)
            return EntryProblem.InWords(account.Status == AccountState.Onboarding ? EntryProblem.Onboarding : EntryProblem.Suspended, null);
        if (reach.Enterprise!.LoginAs(person.GroupId, person.IsAdmin, person.StaffEmail) is not { } staff)
            return EntryProblem.InWords(EntryProblem.NoLoginAs, null);
        try
        {
            var (email, permission) = (Uri.EscapeDataString(staff), ReportCatalogue.Find(report)!.Permission);
            var asked = accounts.Get<LocalPermission>(account, $"staff/{email}/permissions/{permission}", deadline, cancel);
            var entry = EntryProblem.Of(await accounts.Get<StaffUser>(account, $"staff/{email}", deadline, cancel), person.IsAdmin);
            return await asked is { GrantedBy.Count: > 0 } local && (person.IsAdmin || !local.Removed)
                ? entry is null ? null : EntryProblem.InWords(entry, staff)
                : NotPermitted;
        }
        catch (AccountUnavailable e)
        {
            return e.Message;
        }
    }
}

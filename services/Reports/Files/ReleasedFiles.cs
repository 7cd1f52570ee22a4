using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Reports.Runs;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;

namespace EnterprisePortal.Reports.Files;

/// <summary>
/// Which collected files of a run this viewer may have: each account is asked whether the staff user they would enter it as may open
/// that report there. An account that cannot be asked releases nothing; every account left out is named with the reason.
/// </summary>
sealed class ReleasedFiles(AccountApiClient accounts, ReportsDb db)
{
    static readonly TimeSpan AskWithin = TimeSpan.FromSeconds(3);

    public sealed record File(string Account, ReportFile About);

    public sealed record LeftOut(string Account, string Why);

    public sealed record Released(ReportRun Run, IReadOnlyList<File> Files, IReadOnlyList<LeftOut> Missing);

    public async Task<Released?> Of(Guid runId, Person person, Reach reach, CancellationToken cancel)
    {
        if (await db.Find(runId, person, reach, cancel) is not { } run)
            return null;
        var answers = await Task.WhenAll(run.Accounts.OrderBy(account => account.Account, StringComparer.Ordinal).Select(async account =>
            (account, Why: account.State == RunAccount.Ready ? await WhyNot(account.Account, run.Report, person, reach, cancel) : account.Problem ?? account.State)));
        return new(run,
            [.. answers.Where(answer => answer.Why is null).Select(answer => new File(answer.account.Account, JsonSerializer.Deserialize<ReportFile>(answer.account.File!, JsonSerializerOptions.Web)!))],
            [.. answers.Where(answer => answer.Why is not null).Select(answer => new LeftOut(answer.account.Account, answer.Why!))]);
    }

    async Task<string?> WhyNot(string code, string report, Person person, Reach reach, CancellationToken cancel)
    {
        if (reach.Enterprise!.LoginAs(person.GroupId, person.IsAdmin, person.StaffEmail) is not { } staff)
            return EntryProblem.InWords(EntryProblem.NoLoginAs, null);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(AskWithin);
        try
        {
            var local = await accounts.Get<LocalPermission>(reach.Accounts[code], $"staff/{Uri.EscapeDataString(staff)}/permissions/{ReportCatalogue.Find(report)!.Permission}", deadline.Token);
            return local is { GrantedBy.Count: > 0 } && (person.IsAdmin || !local.Removed) ? null : "not permitted";
        }
        catch (AccountUnavailable e)
        {
            return e.Message;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return "The account did not answer in time.";
        }
    }
}

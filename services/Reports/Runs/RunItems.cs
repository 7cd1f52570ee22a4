using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.Directory;

namespace EnterprisePortal.Reports.Runs;

/// <summary>A run as one person sees it.</summary>
static class RunItems
{
    extension(RunItem)
    {
        /// <param name="run">Loaded with only the accounts in the viewer's reach.</param>
        public static RunItem Of(ReportRun run, Reach reach)
        {
            var group = reach.Groups.FirstOrDefault(known => known.Id == run.GroupId);
            return new(
                run.Id, run.Report, ReportCatalogue.Find(run.Report)?.Name ?? run.Report, run.Asked, StateOf(run), run.ByName, run.ByLevel,
                new(run.GroupId, group?.Name ?? ""), run.CreatedAt, run.FinishedAt, [.. Warnings(run)],
                [.. run.Accounts.OrderBy(account => account.Account, StringComparer.Ordinal).Select(account => Of(account, reach))]);
        }
    }

    static string StateOf(ReportRun run) =>
        run.Accounts.Any(account => RunAccount.Open.Contains(account.State))
            ? run.Accounts.All(account => account.State == RunAccount.Queued) ? "queued" : "running"
            : run.CancelledAt is null ? "finished" : "cancelled";

    /// <summary>Names that no account whose report is ready has; while an account is open, it may be the one that has them.</summary>
    static IEnumerable<RunWarning> Warnings(ReportRun run)
    {
        var ready = run.Accounts.Where(account => account.State == RunAccount.Ready).Select(account => account.Unknown is { } unknown
            ? JsonSerializer.Deserialize<UnknownName[]>(unknown, JsonSerializerOptions.Web)! : []).ToArray();
        if (ready.Length == 0 || run.Accounts.Any(account => RunAccount.Open.Contains(account.State)))
            return [];
        return (ReportCatalogue.Find(run.Report)?.NamesIn(run.Asked) ?? [])
            .Where(one => ready.All(unknown => unknown.Contains(new UnknownName(one.Filter.Name, one.Name))))
            .Select(one => new RunWarning(one.Filter.Name, $"No account of this run has the {one.Filter.One} “{one.Name}”."));
    }

    static RunAccountItem Of(RunAccount account, Reach reach) => new(
        account.Account, reach.Accounts[account.Account].Name, account.State, account.Problem, account.Rows,
        account.Sections is { } sections ? JsonSerializer.Deserialize<Dictionary<string, int>>(sections) : null,
        account.State == RunAccount.Ready ? $"/open/{account.Account}?to=/background-tasks/{Uri.EscapeDataString(account.TaskId!)}" : null,
        account.ChangedAt);
}

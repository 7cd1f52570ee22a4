using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.ServiceDefaults.Directory;

namespace EnterprisePortal.Reports.Runs;

/// <param name="State"><c>queued</c>, <c>running</c>, <c>finished</c> or <c>cancelled</c>: derived from the accounts, so it cannot disagree with them.</param>
public record RunItem(Guid Id, string Report, string ReportName, ReportParameters Parameters, string State, string By, string ByLevel, RunGroup Group,
    DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt, IReadOnlyList<RunAccountItem> Accounts)
{
    /// <param name="run">With the accounts in the viewer's reach only.</param>
    internal static RunItem Of(ReportRun run, Reach reach)
    {
        var group = reach.Groups.FirstOrDefault(known => known.Id == run.GroupId);
        return new(run.Id, run.Report, ReportCatalogue.Find(run.Report)?.Name ?? run.Report, JsonSerializer.Deserialize<ReportParameters>(run.Parameters, JsonSerializerOptions.Web)!,
            StateOf(run), run.ByName, run.ByLevel, new(run.GroupId, group?.Name ?? ""), run.CreatedAt, run.FinishedAt,
            [.. run.Accounts.OrderBy(account => account.Account, StringComparer.Ordinal).Select(account => RunAccountItem.Of(account, reach))]);
    }

    static string StateOf(ReportRun run) =>
        run.Accounts.Any(account => RunAccount.Open.Contains(account.State))
            ? run.Accounts.All(account => account.State == RunAccount.Queued) ? "queued" : "running"
            : run.CancelledAt is null ? "finished" : "cancelled";
}

public record RunGroup(Guid Id, string Name);

/// <param name="OpenUrl">Signs into the account and opens the report from its Background Tasks; null until ready.</param>
public record RunAccountItem(string Account, string AccountName, string State, string? Problem, int? Rows, string? OpenUrl, DateTimeOffset ChangedAt)
{
    internal static RunAccountItem Of(RunAccount account, Reach reach) => new(account.Account, reach.Accounts[account.Account].Name, account.State, account.Problem, account.Rows,
        account.State == RunAccount.Ready ? $"/open/{account.Account}?to=/background-tasks/{Uri.EscapeDataString(account.TaskId!)}" : null, account.ChangedAt);
}

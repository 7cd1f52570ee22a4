using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.ServiceDefaults.Directory;

namespace EnterprisePortal.Reports.Runs;

/// <param name="State"><c>queued</c>, <c>running</c>, <c>finished</c> or <c>cancelled</c>: derived from the accounts, so it cannot disagree with them.</param>
public record RunItem(Guid Id, string Report, string ReportName, ReportParameters Parameters, string State, string By, string ByLevel, RunGroup Group,
    DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt, IReadOnlyList<RunWarning> Warnings, IReadOnlyList<RunAccountItem> Accounts)
{
    /// <param name="run">With the accounts in the viewer's reach only.</param>
    internal static RunItem Of(ReportRun run, Reach reach)
    {
        var group = reach.Groups.FirstOrDefault(known => known.Id == run.GroupId);
        return new(run.Id, run.Report, ReportCatalogue.Find(run.Report)?.Name ?? run.Report, run.Asked,
            StateOf(run), run.ByName, run.ByLevel, new(run.GroupId, group?.Name ?? ""), run.CreatedAt, run.FinishedAt,
            [.. RunWarning.Of(run)],
            [.. run.Accounts.OrderBy(account => account.Account, StringComparer.Ordinal).Select(account => RunAccountItem.Of(account, reach))]);
    }

    static string StateOf(ReportRun run) =>
        run.Accounts.Any(account => RunAccount.Open.Contains(account.State))
            ? run.Accounts.All(account => account.State == RunAccount.Queued) ? "queued" : "running"
            : run.CancelledAt is null ? "finished" : "cancelled";
}

/// <summary>Of something that was asked and is perhaps not what was meant.</summary>
/// <param name="Field">The filter: <c>program</c>.</param>
public record RunWarning(string Field, string Words)
{
    /// <summary>Names that none of the accounts has whose report is ready; as long as one is open it may be the one that has it.</summary>
    internal static IEnumerable<RunWarning> Of(ReportRun run)
    {
        var ready = run.Accounts.Where(account => account.State == RunAccount.Ready).Select(account => account.Unknown is { } unknown
            ? JsonSerializer.Deserialize<UnknownName[]>(unknown, JsonSerializerOptions.Web)! : []).ToArray();
        if (ready.Length == 0 || run.Accounts.Any(account => RunAccount.Open.Contains(account.State)))
            return [];
        return (ReportCatalogue.Find(run.Report)?.NamesIn(run.Asked) ?? [])
            .Where(one => ready.All(unknown => unknown.Contains(new UnknownName(one.Filter.Name, one.Name))))
            .Select(one => new RunWarning(one.Filter.Name, $"No account of this run has the {one.Filter.One} “{one.Name}”."));
    }
}

public record RunGroup(Guid Id, string Name);

/// <param name="Rows">Of the report, all sections together.</param>
/// <param name="Sections">Rows of each section, <c>{ "Drops": 25, "Transfers": 18 }</c>; null where the report has none.</param>
/// <param name="OpenUrl">Signs into the account and opens the report from its Background Tasks; null until ready.</param>
public record RunAccountItem(string Account, string AccountName, string State, string? Problem, int? Rows,
    IReadOnlyDictionary<string, int>? Sections, string? OpenUrl, DateTimeOffset ChangedAt)
{
    internal static RunAccountItem Of(RunAccount account, Reach reach) => new(account.Account, reach.Accounts[account.Account].Name, account.State, account.Problem, account.Rows,
        account.Sections is { } sections ? JsonSerializer.Deserialize<Dictionary<string, int>>(sections) : null,
        account.State == RunAccount.Ready ? $"/open/{account.Account}?to=/background-tasks/{Uri.EscapeDataString(account.TaskId!)}" : null, account.ChangedAt);
}

using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Reports;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;

namespace EnterprisePortal.Reports.Runs;

/// <summary>A run with its accounts and one message for each, added to the context: one save is one transaction.</summary>
static class NewRun
{
    /// <summary>The one report that has no range of dates.</summary>
    public const string OfOneDay = "FIN-1";
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(30);

    /// <param name="group">Of the reach's group or below; null: all of the reach.</param>
    /// <returns>The active ones; null where the group is none of these.</returns>
    public static IReadOnlyList<AccountState>? AccountsOf(Reach reach, Guid? group) =>
        group is { } id && reach.Groups.All(known => known.Id != id) ? null
        : [.. (group is { } below ? reach.Enterprise!.ReachOf(below) : reach).Accounts.Values.Where(account => account.Status == AccountState.Active)];

    public static ReportRun Add(ReportsDb db, Person person, IReadOnlyList<AccountState> accounts, string report, ReportParameters parameters, DateTimeOffset now, string? mailTo = null)
    {
        var run = new ReportRun
        {
            Report = report, Parameters = JsonSerializer.Serialize(parameters, JsonSerializerOptions.Web), MailTo = mailTo,
            ById = person.Id, ByName = person.Name, ByLevel = person.Level, GroupId = person.GroupId, CreatedAt = now, Deadline = now + Deadline
        };
        db.Add(run);
        foreach (var account in accounts)
        {
            run.Accounts.Add(new() { Account = account.Code, ChangedAt = now });
            db.Publish(new GenerateAccountReport(run.Id, account.Code));
        }
        return run;
    }

    /// <returns>The field and the sentence, where something is missing.</returns>
    public static (string Field, string Words)? Problem(string report, ReportParameters parameters) =>
        ReportCatalogue.Find(report) is null ? ("report", $"There is no such report for all accounts. Choose one of {string.Join(", ", ReportCatalogue.All.Select(known => known.Code))}.")
        : report != OfOneDay && parameters.From is null ? ("from", "Give the first date.")
        : report != OfOneDay && parameters.To is null ? ("to", "Give the last date.")
        : parameters.From > parameters.To ? ("to", "The last date lies before the first.")
        : parameters.ImplausibleDate is { } field ? (field, ReportParameters.ImplausibleWords)
        : parameters.Texts.Any(text => text is { Length: > 500 } || text?.Any(char.IsControl) == true) ? ("parameters", "A filter is too long, or has characters that no name has.")
        : null;
}

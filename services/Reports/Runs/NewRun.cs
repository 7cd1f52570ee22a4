using System.Text.Json;
using System.Text.Json.Serialization;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Reports;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;

namespace EnterprisePortal.Reports.Runs;

/// <summary>A run with its accounts and one message for each, added to the context: one save is one transaction.</summary>
static class NewRun
{
    /// <summary>Parameters that were not given are omitted: an account receives them as they are stored.</summary>
    public static readonly JsonSerializerOptions Given = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
    };
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(30);

    /// <param name="group">The reach's group or one below; null: the whole reach.</param>
    /// <returns>The active accounts; null if the group is none of these.</returns>
    public static IReadOnlyList<AccountState>? AccountsOf(Reach reach, Guid? group) =>
        group is { } id && reach.Groups.All(known => known.Id != id) ? null
        : [.. (group is { } below ? reach.Enterprise!.ReachOf(below) : reach)
            .Accounts.Values.Where(account => account.Status == AccountState.Active)];

    public static ReportRun Add(ReportsDb db, Person person, IReadOnlyList<AccountState> accounts, string report,
        ReportParameters parameters, DateTimeOffset now, string? mailTo = null)
    {
        var run = new ReportRun
        {
            Report = report, Parameters = JsonSerializer.Serialize(parameters, Given), MailTo = mailTo,
            ById = person.Id, ByName = person.Name, ByLevel = person.Level, GroupId = person.GroupId, CreatedAt = now,
            Deadline = now + Deadline
        };
        db.Add(run);
        foreach (var account in accounts)
        {
            run.Accounts.Add(new() { Account = account.Code, ChangedAt = now });
            db.Publish(new GenerateAccountReport(run.Id, account.Code));
        }
        return run;
    }

    /// <summary>Reads the parameters by name: any that the report does not have are refused before an account is called.</summary>
    /// <returns>The report and its parameters, or the errors by field.</returns>
    public static (ReportCatalogue.Report? Report, ReportParameters Asked, IReadOnlyDictionary<string, string[]> Errors) Read(
        string code, IReadOnlyDictionary<string, JsonElement>? given)
    {
        if (ReportCatalogue.Find(code) is not { } report)
            return (null, new(), new Dictionary<string, string[]> { ["report"] = [NoSuchReport] });
        var (asked, errors) = report.Read(given);
        return (report, asked, errors);
    }

    public static string NoSuchReport { get; } =
        $"There is no such report for all accounts. Choose one of {string.Join(", ", ReportCatalogue.All.Select(known => known.Code))}.";
}

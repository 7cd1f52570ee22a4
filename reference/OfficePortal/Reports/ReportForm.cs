using System.Globalization;
using Dapper;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Reports;

/// <summary>A report's filters as a form: the choices, the values filled in, and their wording afterwards.</summary>
static class ReportForm
{
    /// <summary>Names that the account has, by filter of the catalogue. A report with a new kind of name needs its query here.</summary>
    static readonly Dictionary<string, string> names = new()
    {
        ["program"] = "select name from program where account = @Code order by name",
        ["level"] = "select name from level where account = @Code order by position, name",
        ["class"] = "select distinct name from class where account = @Code order by name",
        ["category"] = "select name from charge_category where account = @Code order by name",
        ["dropReason"] = "select distinct drop_reason from enrollment where account = @Code and drop_reason is not null order by 1",
        ["staff"] = "select name from staff where account = @Code union select 'Web' order by 1",
        ["creditTypes"] = "select distinct type from credit where account = @Code order by 1"
    };

    /// <summary>Last month, or today for a report of one day: the most frequent choice.</summary>
    public static ReportParameters Usual(Account account, TimeProvider clock)
    {
        var today = account.Today(clock);
        var first = new DateOnly(today.Year, today.Month, 1);
        return new(From: first.AddMonths(-1), To: first.AddDays(-1), AsOf: today);
    }

    public static ReadParameters.Reading Read(Report report, IFormCollection form) =>
        report.Described.Read(ReadParameters.FromForm(report.Described.Fields, name => form[name].ToString()));

    /// <returns>By filter; a filter without choices is not in it.</returns>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> Choices(
        NpgsqlConnection connection, Account account, Report report)
    {
        var choices = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var filter in report.Described.Filters.Where(filter => names.ContainsKey(filter.Name)))
            choices[filter.Name] = await Names(connection, account, filter);
        return choices;
    }

    static async Task<IReadOnlyList<string>> Names(NpgsqlConnection connection, Account account, ReportFilter filter) =>
        (await connection.QueryAsync<string>(names[filter.Name], new { account.Code })).AsList();

    /// <summary>Requested names that the account does not have: the report is not wrong, but may not be what the person meant.</summary>
    public static async Task<IReadOnlyList<UnknownName>> Unknown(
        NpgsqlConnection connection, Account account, Report report, ReportParameters asked)
    {
        var unknown = new List<UnknownName>();
        foreach (var (filter, name) in report.Described.NamesIn(asked))
            if (!(await Names(connection, account, filter)).Contains(name, StringComparer.Ordinal) && !await IsStaff(filter, name))
                unknown.Add(new(filter.Name, name));
        return unknown;

        // Staff may be given in any case, and by e-mail.
        async Task<bool> IsStaff(ReportFilter filter, string name) => filter.Name == "staff"
            && (name.Equals("web", StringComparison.OrdinalIgnoreCase) || await connection.ExecuteScalarAsync<bool>(
                "select exists (select from staff where account = @Code and lower(@name) in (lower(name), lower(email)))",
                new { account.Code, name }));
    }

    public static IEnumerable<(string Name, string Value)> InWords(Report report, ReportParameters asked, Account account)
    {
        yield return report.Described.Dates == ReportDates.Range
            ? ("Dates", $"{Day(asked.From)} to {Day(asked.To)}, days of {account.TimeZone}")
            : ("As of", (asked.AsOf ?? asked.To) is { } day ? $"the end of {Day(day)}" : "the day it was generated");
        foreach (var (label, value) in report.Described.InWords(asked))
            yield return (label, value ?? "Yes");
    }

    static string? Day(DateOnly? day) => day?.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
}

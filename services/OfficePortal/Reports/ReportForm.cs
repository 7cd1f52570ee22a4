using System.Globalization;
using Dapper;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Reports;

/// <summary>A report's filters as a form: what there is to choose from, what was filled in, and how it reads afterwards.</summary>
static class ReportForm
{
    public static readonly IReadOnlyList<(string Value, string Words)>
        Modes = [("created", "Created in these dates"), ("starting", "Starting in these dates")],
        Types = [("active", "Active"), ("trial", "Trial"), ("make-up", "Make Up"), ("single-day", "Single Day"), ("wait", "Wait")],
        Methods = [("cash", "Cash"), ("check", "Check"), ("card", "Card"), ("bank", "Bank")],
        Statuses = [("active", "Enrolled on that day"), ("inactive", "Not enrolled on that day")];

    /// <summary>Last month, and for a report of one day today: what people ask for most.</summary>
    public static ReportParameters Usual(Account account, TimeProvider clock)
    {
        var today = account.Today(clock);
        var first = new DateOnly(today.Year, today.Month, 1);
        return new(From: first.AddMonths(-1), To: first.AddDays(-1), AsOf: today);
    }

    /// <returns>The parameters, or the field that cannot be read.</returns>
    public static (ReportParameters Asked, string? Unreadable) Read(Report report, IFormCollection form)
    {
        string? unreadable = null;
        var dates = report.Filters.Contains(ReportFilter.Dates);
        return (new ReportParameters(dates ? Date("from") : null, dates ? Date("to") : null, report.Filters.Contains(ReportFilter.AsOf) ? Date("asOf") : null,
            Text("program"), Text("level"), Text("class"), Text("dropReason"), Text("mode"), Text("type"), Text("category"), Text("family"), Text("paymentMethod"), Text("staff"),
            Text("enrollmentStatus"), form["creditTypes"] is { Count: > 0 } types ? string.Join(", ", types!) : null,
            Ticked("onlyPastDue"), Ticked("split"), Ticked("allCollected")), unreadable);

        string? Text(string name) => form[name].ToString().Trim() is { Length: > 0 } text ? text : null;
        bool? Ticked(string name) => form[name] == "true" ? true : null;
        DateOnly? Date(string name)
        {
            if (DateOnly.TryParseExact(form[name].ToString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1900 and <= 2200)
                return day;
            unreadable = Text(name) is null ? unreadable : name;
            return null;
        }
    }

    public static async Task<ReportChoices> Choices(NpgsqlConnection connection, Account account, Report report)
    {
        return new(await Names(ReportFilter.Program, "select name from program where account = @Code order by name"),
            await Names(ReportFilter.Level, "select name from level where account = @Code order by position, name"),
            await Names(ReportFilter.Class, "select distinct name from class where account = @Code order by name"),
            await Names(ReportFilter.Category, "select name from charge_category where account = @Code order by name"),
            await Names(ReportFilter.DropReason, "select distinct drop_reason from enrollment where account = @Code and drop_reason is not null order by 1"),
            await Names(ReportFilter.Staff, "select name from staff where account = @Code union select 'Web' order by 1"),
            await Names(ReportFilter.CreditTypes, "select distinct type from credit where account = @Code order by 1"));

        async Task<IReadOnlyList<string>> Names(ReportFilter filter, string sql) =>
            report.Filters.Contains(filter) ? (await connection.QueryAsync<string>(sql, new { account.Code })).AsList() : [];
    }

    public static IEnumerable<(string Name, string Value)> InWords(Report report, ReportParameters asked, Account account)
    {
        if (report.Filters.Contains(ReportFilter.Dates))
            yield return ("Dates", $"{Day(asked.From)} to {Day(asked.To)}, days of {account.TimeZone}");
        if (report.Filters.Contains(ReportFilter.AsOf))
            yield return ("As of", asked.AsOf is null && asked.To is null ? "the day it was generated" : $"the end of {Day(asked.AsOf ?? asked.To)}");
        foreach (var (name, value) in new[]
        {
            ("By", Words(Modes, asked.Mode)), ("Type", Words(Types, asked.Type)), ("Program", asked.Program), ("Level", asked.Level), ("Class", asked.Class), ("Drop reason", asked.DropReason),
            ("Charge category", asked.Category), ("Family", asked.Family), ("Payment method", Words(Methods, asked.PaymentMethod)), ("Staff", asked.Staff),
            ("Enrolment", Words(Statuses, asked.EnrollmentStatus)), ("Credits", asked.CreditTypes), ("Only", asked.OnlyPastDue == true ? "families past due" : null),
            ("Collected", asked.AllCollected == true ? "all payments until it was generated" : null)
        })
            if (value is not null)
                yield return (name, value);
    }

    static string? Words(IEnumerable<(string Value, string Words)> choices, string? value) => choices.FirstOrDefault(choice => choice.Value == value).Words ?? value;

    static string? Day(DateOnly? day) => day?.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
}

public sealed record ReportChoices(IReadOnlyList<string> Programs, IReadOnlyList<string> Levels, IReadOnlyList<string> Classes, IReadOnlyList<string> Categories,
    IReadOnlyList<string> DropReasons, IReadOnlyList<string> Staff, IReadOnlyList<string> CreditTypes);

using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Reports.Runs;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Reports.Schedules;

/// <summary>What a person asks of a schedule, new or changed, once it is known to be possible.</summary>
/// <param name="Parameters">JSON, without dates.</param>
/// <param name="TimeZone">Its day begins in the zone of most of its accounts.</param>
sealed record SchedulePlan(
    string Report, string Every, int Day, string Covers, string Parameters, Guid Group, string TimeZone, object Details)
{
    /// <returns>The plan, or the one reason why there is none.</returns>
    public static (SchedulePlan? Plan, ValidationProblem? Invalid, ProblemHttpResult? Refused) Read(
        ScheduleRequest body, Person person, Reach reach)
    {
        if (ReportCatalogue.Find(body.Report) is not { } report)
            return Invalid("report", NewRun.NoSuchReport);
        var day = body.Day ?? 1;
        var usual = report.Dates == ReportDates.Day ? "day-before" : body.Every == Schedule.Week ? "last-week" : "last-month";
        var covers = body.Covers ?? usual;
        if (body.Every is not (Schedule.Week or Schedule.Month))
            return Invalid("every", "Choose week or month.");
        if (day < 1 || day > (body.Every == Schedule.Week ? 7 : 28))
            return Invalid("day", body.Every == Schedule.Week ? "Choose a day from 1 (Monday) to 7."
                : "Choose a day from 1 to 28, which every month has.");
        if (ReportCatalogue.Coverings(report.Dates).All(known => known.Value != covers))
            return Invalid("covers", "Choose dates that this report can have.");
        var (asked, errors) = report.ReadFilters(body.Parameters);
        if (errors.Count > 0)
            return (null, TypedResults.ValidationProblem(errors), null);
        var parameters = asked with { From = null, To = null, AsOf = null };
        if (NewRun.AccountsOf(reach, body.Group) is not { } accounts)
            return Invalid("group", "Choose your group or one below it.");
        if (accounts.Count == 0)
            return (null, null, Refusal.Of("no-accounts", "There is no active account in that group to run this report for."));
        var group = body.Group ?? person.GroupId;
        return (new(report.Code, body.Every, day, covers, JsonSerializer.Serialize(parameters, NewRun.Given), group,
            accounts.GroupBy(account => account.TimeZone).MaxBy(zone => zone.Count())!.Key, new { covers, group, parameters }), null, null);
    }

    static (SchedulePlan?, ValidationProblem?, ProblemHttpResult?) Invalid(string field, string words) =>
        (null, Refusal.Invalid(field, words), null);
}

using System.Net.Mime;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.Accounts;

/// <summary>All the accounts of <see cref="ListAccounts"/>, as CSV.</summary>
public static class ExportAccounts
{
    static readonly string[] Columns =
        ["account", "name", "owner", "contact", "contact e-mail", "contact phone", "locations", "groups", "status", "time zone", "country",
            "base url", "entered as", "entry problem", "last sync"];

    public static void Map(RouteGroupBuilder accounts) => accounts.MapGet("/export.csv", Handle).WithName(nameof(ExportAccounts));

    static async Task<PushStreamHttpResult> Handle(Guid[]? group, string? q, NpgsqlDataSource db, DirectoryReplica directory, Person person,
        TimeProvider clock, CancellationToken cancel)
    {
        var items = await AccountList.Read(db, directory.ReachOf(person), person,
            new AccountList.Filter(Groups: group is { Length: > 0 } ? group : null, Words: AccountList.Words(q)), cancel);
        return TypedResults.Stream(async body =>
        {
            await using var csv = new CsvRows(body, forSpreadsheets: true);
            await csv.Write(Columns);
            foreach (var item in items)
                await csv.Write(item.Code, item.Name, item.Owner, item.Contact.Name, item.Contact.Email, item.Contact.Phone,
                    string.Join("; ", item.Locations.Select(place => $"{place.Name}, {place.City}, {place.State}")),
                    string.Join("; ", item.Groups.Select(each => each.Name)), item.Status, item.TimeZone,
                    item.Country, item.BaseUrl, item.Entry.As, item.Entry.Problem is { } problem
                        ? EntryProblem.InWords(problem, item.Entry.As) : null, CsvRows.Moment(item.LastSync));
        }, $"{MediaTypeNames.Text.Csv}; charset=utf-8", $"accounts-{clock.GetUtcNow():yyyy-MM-dd}.csv");
    }
}

using System.Text.Json;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Reports.Files;
using EnterprisePortal.Reports.Runs;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Reports.Figures;

/// <summary>
/// The totals of a page of runs, so that identical ones can be told apart. Each account is asked once for each report, not for each run.
/// </summary>
public static class ListTotals
{
    const int Most = 50;
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);

    public static void Map(RouteGroupBuilder runs) => runs.MapGet("/totals", Handle).WithName(nameof(ListTotals));

    /// <param name="run">Ids, 50 at most. A run that the reader does not see is not in the answer.</param>
    static async Task<Results<Ok<Page<RunTotal>>, ValidationProblem>> Handle(
        Guid[] run,
        OpenReports open,
        ReportsDb db,
        DirectoryReplica directory,
        Person person,
        CancellationToken cancel)
    {
        if (run.Length > Most)
            return Refusal.Invalid("run", $"Ask for {Most} runs at most.");
        var (reach, ids) = (directory.ReachOf(person), run.Distinct().ToArray());
        var runs = await db.Runs.AsNoTracking().VisibleTo(person, reach).Where(one => ids.Contains(one.Id))
            .Include(one => one.Accounts.Where(account => reach.Codes.Contains(account.Account))).ToListAsync(cancel);
        var visible = runs.Select(one => one.Id).ToArray();
        var files = (await db.Files.AsNoTracking().Where(file => visible.Contains(file.RunId) && reach.Codes.Contains(file.Account))
            .ToListAsync(cancel)).ToLookup(file => file.RunId);

        var whyNot = await open.WhyNot(
            runs.SelectMany(one => files[one.Id].Select(file => (file.Account, one.Report))), person, reach, Deadline, cancel);
        return TypedResults.Ok(new Page<RunTotal>([.. runs.OrderByDescending(one => one.Id).Select(Total)], null));

        RunTotal Total(ReportRun one)
        {
            var (figure, named) = (ReportCatalogue.Find(one.Report)!.Figure, new Naming(reach));
            var values = files[one.Id].Where(file => whyNot[(file.Account, one.Report)] is null)
                .Select(file => (file.Account,
                    Value: figure.Of(JsonSerializer.Deserialize<ReportFile>(file.About, JsonSerializerOptions.Web)!)))
                .Where(file => file.Value is not null).ToList();
            var currencies = named.Currencies(figure, values.Select(file => file.Account));
            return new(one.Id, figure.Name, figure.Column, currencies is [var only] ? only : null,
                currencies.Count == 1 ? values.Sum(file => file.Value) : null, one.Accounts.Count - values.Count);
        }
    }
}

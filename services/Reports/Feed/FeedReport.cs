using System.Net.Mime;
using EnterprisePortal.Reports.Files;
using EnterprisePortal.Reports.Runs;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Reports.Feed;

/// <summary>
/// The rows of a report, all accounts in one table, from the newest finished run that the person may see, or from one they name: the
/// address stays the same while the data behind it is renewed, by a schedule for instance. Reports that the person may not open in their
/// account are left out, as in every download.
/// </summary>
public static class FeedReport
{
    public static void Map(RouteGroupBuilder feed)
    {
        feed.MapGet("/reports/{report}.csv",
            (string report, Guid? run, ReportsDb db, Combination combination, ReleasedFiles released, DirectoryReplica directory,
                Person person, HttpContext http, CancellationToken cancel) =>
            Handle(
                report, run, db, released, directory, person, http, "csv",
                $"{MediaTypeNames.Text.Csv}; charset=utf-8", combination.WriteFeed, cancel))
            .OnlyQuery("run").WithName("FeedReportAsCsv");
        feed.MapGet("/reports/{report}.json",
            (string report, Guid? run, ReportsDb db, Combination combination, ReleasedFiles released, DirectoryReplica directory,
                Person person, HttpContext http, CancellationToken cancel) =>
            Handle(
                report, run, db, released, directory, person, http, "json", MediaTypeNames.Application.Json, combination.WriteJson, cancel))
            .OnlyQuery("run").WithName(nameof(FeedReport));
    }

    static async Task<Results<PushStreamHttpResult, NotFound, ProblemHttpResult>> Handle(
        string report, Guid? named, ReportsDb db, ReleasedFiles released, DirectoryReplica directory, Person person, HttpContext http,
        string extension, string type, Func<ReleasedFiles.Released, Stream, CancellationToken, Task> write, CancellationToken cancel)
    {
        var reach = directory.ReachOf(person);
        var newest = await db.Runs.AsNoTracking().VisibleTo(person, reach)
            .Where(run => run.Report == report
                && (named == null ? run.FinishedAt != null && run.CancelledAt == null
                    && run.Accounts.Any(account => account.State == RunAccount.Ready && reach.Codes.Contains(account.Account))
                    : run.Id == named))
            .OrderByDescending(run => run.Id).Select(run => (Guid?)run.Id).FirstOrDefaultAsync(cancel);
        return newest is { } id ? await CombineRun.Answer(id, released, directory, person, http, extension, type, write, cancel)
            : Refusal.Of("no-such-run",
                $"There is no finished run of {report} that you may see. Start one, or set a schedule, in the portal under Generated "
                + "Reports.", StatusCodes.Status404NotFound);
    }
}

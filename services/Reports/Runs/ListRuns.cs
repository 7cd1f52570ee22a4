using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Reports.Runs;

public static class ListRuns
{
    /// <param name="By">Part of the requester's name.</param>
    public record Filter(string? Report, DateTimeOffset? From, DateTimeOffset? To, string? By);

    public static void Map(RouteGroupBuilder runs)
    {
        runs.MapGet("", List).WithName(nameof(ListRuns));
        runs.MapGet("/{id:guid}", Get).WithName("GetRun");
    }

    static async Task<Results<Ok<Page<RunItem>>, ValidationProblem>> List([AsParameters] Filter filter, [AsParameters] PageQuery page,
        ReportsDb db, DirectoryReplica directory, Person person, CancellationToken cancel) =>
        IsCursor(page.Cursor) ? TypedResults.Ok(await Page(filter, page, db, person, directory.ReachOf(person), cancel))
            : Refusal.Invalid("cursor", "This is not a cursor of this list.");

    internal static bool IsCursor(string? cursor) => cursor is null || Guid.TryParse(cursor, out _);

    internal static async Task<Page<RunItem>> Page(
        Filter filter, PageQuery page, ReportsDb db, Person person, Reach reach, CancellationToken cancel)
    {
        Guid? before = page.Cursor is null ? null : Guid.Parse(page.Cursor);
        var (from, to) = (filter.From?.ToUniversalTime(), filter.To?.ToUniversalTime());
        var by = filter.By is { } name ? Like.Contains(name) : null;
        var runs = await db.Runs.AsNoTracking().VisibleTo(person, reach)
            .Where(run => filter.Report == null || run.Report == filter.Report)
            .Where(run => from == null || run.CreatedAt >= from)
            .Where(run => to == null || run.CreatedAt < to)
            .Where(run => by == null || EF.Functions.ILike(run.ByName, by))
            .Where(run => before == null || run.Id < before)
            .OrderByDescending(run => run.Id).Take(page.Size + 1)
            .Include(run => run.Accounts.Where(account => reach.Codes.Contains(account.Account)))
            .ToListAsync(cancel);
        return new([.. runs.Take(page.Size).Select(run => RunItem.Of(run, reach))], runs.Count > page.Size
            ? runs[page.Size - 1].Id.ToString() : null);
    }

    static async Task<Results<Ok<RunItem>, NotFound>> Get(
        Guid id, ReportsDb db, DirectoryReplica directory, Person person, CancellationToken cancel)
    {
        var reach = directory.ReachOf(person);
        return await db.Find(id, person, reach, cancel) is { } run ? TypedResults.Ok(RunItem.Of(run, reach)) : TypedResults.NotFound();
    }
}

using System.Linq.Expressions;
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
    static readonly string[] Sorts = ["started", "report", "state", "by"];

    /// <param name="By">Part of the requester's name.</param>
    /// <param name="Sort"><c>started</c>, <c>report</c>, <c>state</c> or <c>by</c>, with a minus before it for the other direction; absent:
    /// the newest first. By state, what is not over comes first, then what has failed somewhere.</param>
    /// <param name="Offset">How many runs come before the page, in any order. A cursor goes on with the newest first only.</param>
    public record Filter(string? Report, DateTimeOffset? From, DateTimeOffset? To, string? By, string? Sort, int? Offset);

    public static void Map(RouteGroupBuilder runs)
    {
        runs.MapGet("", List).WithName(nameof(ListRuns));
        runs.MapGet("/{id:guid}", Get).WithName("GetRun");
    }

    static async Task<Results<Ok<CountedPage<RunItem>>, ValidationProblem>> List([AsParameters] Filter filter,
        [AsParameters] PageQuery page, ReportsDb db, DirectoryReplica directory, Person person, CancellationToken cancel) =>
        Refused(filter, page) is { } refused
            ? refused
            : TypedResults.Ok(await Page(filter, page, db, person, directory.ReachOf(person), cancel));

    internal static ValidationProblem? Refused(Filter filter, PageQuery page) => filter switch
    {
        _ when page.Cursor is not null && !Guid.TryParse(page.Cursor, out _) =>
            Refusal.Invalid("cursor", "This is not a cursor of this list."),
        { Sort: not null } or { Offset: not null } when page.Cursor is not null =>
            Refusal.Invalid("cursor", "A cursor goes on with the newest first. With another order, use offset."),
        { Sort: { } sort } when !Sorts.Contains(sort.TrimStart('-')) =>
            Refusal.Invalid("sort", $"Runs are sorted by {string.Join(", ", Sorts)}."),
        { Offset: < 0 } => Refusal.Invalid("offset", "This cannot be below 0."),
        _ => null
    };

    internal static async Task<CountedPage<RunItem>> Page(
        Filter filter, PageQuery page, ReportsDb db, Person person, Reach reach, CancellationToken cancel)
    {
        Guid? before = page.Cursor is null ? null : Guid.Parse(page.Cursor);
        var (from, to) = (filter.From?.ToUniversalTime(), filter.To?.ToUniversalTime());
        var by = filter.By is { } name ? Like.Contains(name) : null;
        var found = db.Runs.AsNoTracking().VisibleTo(person, reach)
            .Where(run => filter.Report == null || run.Report == filter.Report)
            .Where(run => from == null || run.CreatedAt >= from)
            .Where(run => to == null || run.CreatedAt < to)
            .Where(run => by == null || EF.Functions.ILike(run.ByName, by));
        var runs = await Sorted(found.Where(run => before == null || run.Id < before), filter.Sort, reach)
            .Skip(filter.Offset ?? 0).Take(page.Size + 1)
            .Include(run => run.Accounts.Where(account => reach.Codes.Contains(account.Account)))
            .ToListAsync(cancel);
        return new([.. runs.Take(page.Size).Select(run => RunItem.Of(run, reach))],
            runs.Count > page.Size && filter.Sort is null ? runs[page.Size - 1].Id.ToString() : null, await found.CountAsync(cancel));
    }

    static IQueryable<ReportRun> Sorted(IQueryable<ReportRun> runs, string? sort, Reach reach)
    {
        return sort?.TrimStart('-') switch
        {
            "report" => By(run => run.Report),
            "state" => By(run =>
                run.Accounts.Any(account => reach.Codes.Contains(account.Account) && RunAccount.Open.Contains(account.State)) ? 0
                : run.Accounts.Any(account => reach.Codes.Contains(account.Account) && account.State == RunAccount.Failed) ? 1
                : run.CancelledAt != null ? 2 : 3),
            "by" => By(run => run.ByName),
            "started" => sort is ['-', ..] ? runs.OrderByDescending(run => run.Id) : runs.OrderBy(run => run.Id),
            _ => runs.OrderByDescending(run => run.Id)
        };

        IQueryable<ReportRun> By<T>(Expression<Func<ReportRun, T>> key) =>
            (sort is ['-', ..] ? runs.OrderByDescending(key) : runs.OrderBy(key)).ThenByDescending(run => run.Id);
    }

    static async Task<Results<Ok<RunItem>, NotFound>> Get(
        Guid id, ReportsDb db, DirectoryReplica directory, Person person, CancellationToken cancel)
    {
        var reach = directory.ReachOf(person);
        return await db.Find(id, person, reach, cancel) is { } run ? TypedResults.Ok(RunItem.Of(run, reach)) : TypedResults.NotFound();
    }
}

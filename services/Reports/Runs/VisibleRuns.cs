using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Reports.Runs;

/// <summary>
/// Who sees a run: an Admin's run, the Admins of its group and above; a User's run, everyone of its group and the Admins above. Other runs
/// are simply not found. Every query on runs for a person starts here.
/// </summary>
static class VisibleRuns
{
    public static IQueryable<ReportRun> VisibleTo(this IQueryable<ReportRun> runs, Person person, Reach reach)
    {
        var below = reach.Groups.Select(group => group.Id).ToArray();
        // Only accounts still in reach are shown; a run without any such account has nothing to show.
        var inReach = runs.Where(run => run.Accounts.Any(account => reach.Codes.Contains(account.Account)));
        return person.IsAdmin
            ? inReach.Where(run => below.Contains(run.GroupId))
            : inReach.Where(run => run.GroupId == person.GroupId && run.ByLevel == Person.User && below.Contains(run.GroupId));
    }

    public static Task<ReportRun?> Find(this ReportsDb db, Guid id, Person person, Reach reach, CancellationToken cancel) =>
        db.Runs.AsNoTracking().Include(run => run.Accounts.Where(account => reach.Codes.Contains(account.Account)))
            .VisibleTo(person, reach).SingleOrDefaultAsync(run => run.Id == id, cancel);
}

using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Reports.Runs;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Reports.Schedules;

/// <summary>Who sees a schedule: whoever would see its runs (<see cref="VisibleRuns"/>), and its owner. Its owner and the Admins among them may change it.</summary>
static class VisibleSchedules
{
    public static IQueryable<Schedule> VisibleTo(this IQueryable<Schedule> schedules, Person person, Reach reach)
    {
        var below = reach.Groups.Select(group => group.Id).ToArray();
        return schedules.Where(schedule => schedule.ById == person.Id
            || below.Contains(schedule.GroupId) && (person.IsAdmin || schedule.GroupId == person.GroupId && schedule.ByLevel == Person.User));
    }

    public static Task<Schedule?> Find(this ReportsDb db, Guid id, Person person, Reach reach, CancellationToken cancel) =>
        db.Schedules.VisibleTo(person, reach).SingleOrDefaultAsync(schedule => schedule.Id == id, cancel);

    public static bool MayChange(this Person person, Schedule schedule) => schedule.ById == person.Id || person.IsAdmin;
}

/// <summary>A schedule's owner as they are now, and the accounts it would run for; or why it would not.</summary>
sealed record Standing(Person Owner, IReadOnlyList<AccountState> Accounts, string? Problem)
{
    /// <param name="known">As Identity last said; null where it has not said anything of them yet.</param>
    public static Standing Of(Schedule schedule, PortalUser? known, DirectoryReplica directory)
    {
        var owner = new Person(schedule.ById, schedule.ByName, schedule.ByEmail, known?.Level ?? schedule.ByLevel, known?.GroupId ?? schedule.GroupId, "", known?.StaffEmail);
        if (known is { Status: "deleted" })
            return new(owner, [], $"{schedule.ByName} was deleted, so it does not run any more.");
        if (known is { Status: not "active" })
            return new(owner, [], $"{schedule.ByName} is {known.Status}, so it is skipped until they are active again.");
        var accounts = NewRun.AccountsOf(directory.ReachOf(owner), schedule.ForGroupId);
        return new(owner, accounts ?? [], accounts switch
        {
            null => $"Its group is no longer in {schedule.ByName}'s reach, so it is skipped.",
            [] => "There is no active account in its group, so it is skipped.",
            _ => null
        });
    }
}

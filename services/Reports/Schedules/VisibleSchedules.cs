using EnterprisePortal.Reports.Runs;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Reports.Schedules;

/// <summary>
/// A schedule is visible to everybody who would see its runs (<see cref="VisibleRuns"/>), and to its owner. Its owner and the Admins among
/// them may change it.
/// </summary>
static class VisibleSchedules
{
    public static IQueryable<Schedule> VisibleTo(this IQueryable<Schedule> schedules, Person person, Reach reach)
    {
        var below = reach.Groups.Select(group => group.Id).ToArray();
        return schedules.Where(schedule => schedule.ById == person.Id
            || below.Contains(schedule.GroupId)
            && (person.IsAdmin || schedule.GroupId == person.GroupId && schedule.ByLevel == Person.User));
    }

    public static Task<Schedule?> Find(this ReportsDb db, Guid id, Person person, Reach reach, CancellationToken cancel) =>
        db.Schedules.VisibleTo(person, reach).SingleOrDefaultAsync(schedule => schedule.Id == id, cancel);

    public static bool MayEdit(this Person person, Schedule schedule) => schedule.ById == person.Id;

    public static bool MayChange(this Person person, Schedule schedule) => schedule.ById == person.Id || person.IsAdmin;
}

using EnterprisePortal.ServiceDefaults.Directory;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Permissions;

/// <summary>
/// Restrictions whose last day is over in every account of their group: this records their end in History, and deletes the row after thirty
/// days. Nothing waits for this, since enforcement and pages go by the date. Runs under the enterprise's lock; <c>ended_at</c> and the row
/// of History commit together, so that repetition adds nothing.
/// </summary>
sealed class EndRestrictions(PermissionsDb db, TimeProvider clock)
{
    const int DaysShown = 30;
    const string ByItself = "Its last day";

    public async Task Of(Enterprise enterprise, CancellationToken cancel)
    {
        var (groups, now) = (enterprise.Groups.Keys.ToArray(), clock.GetUtcNow());
        foreach (var row in await db.Restrictions.Where(row => groups.Contains(row.GroupId) && row.Until != null).ToListAsync(cancel))
        {
            var today = enterprise.Today(enterprise.Groups[row.GroupId], now);
            if (row.Holds(today))
                continue;
            if (row.EndedAt is null)
                db.Add(new RestrictionHistory
                {
                    GroupId = row.GroupId, Permission = row.Permission, Action = RestrictionHistory.Ended,
                    Reason = row.Reason, Until = row.Until, ByName = ByItself, At = now
                });
            row.EndedAt ??= now;
            if (row.Until < today.AddDays(-DaysShown))
                db.Remove(row);
        }
        await db.SaveChangesAsync(cancel);
    }
}

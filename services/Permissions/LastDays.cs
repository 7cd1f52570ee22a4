using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.Directory;

namespace EnterprisePortal.Permissions;

/// <summary>A restriction holds to the end of its last day in each account, which comes earlier in Boston than in Fresno.</summary>
static class LastDays
{
    static readonly TimeSpan LastOnEarth = TimeSpan.FromHours(-12);

    public static DateOnly Today(this AccountState account, DateTimeOffset now) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(account.TimeZone)).DateTime);

    /// <summary>The earliest current date among the group's accounts: a last day before it is over in all of them.</summary>
    public static DateOnly Today(this Enterprise enterprise, GroupState group, DateTimeOffset now) => group.Accounts
        .Select(enterprise.Accounts.GetValueOrDefault).OfType<AccountState>().Select(account => account.Today(now))
        .DefaultIfEmpty(DateOnly.FromDateTime(now.ToOffset(LastOnEarth).DateTime)).Min();

    public static bool Holds(this GroupRestriction restriction, DateOnly today) => restriction.Until is null || restriction.Until >= today;
}

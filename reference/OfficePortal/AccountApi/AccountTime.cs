using EnterprisePortal.OfficePortal.Accounts;

namespace EnterprisePortal.OfficePortal.AccountApi;

public static class AccountTime
{
    /// <summary>Today's date in the account: at 23:59 of a drop date a student is still enrolled there, whatever UTC says.</summary>
    public static DateOnly Today(this Account account, TimeProvider clock) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), Zone(account)).DateTime);

    /// <summary>
    /// The moment at which a day begins in the account, in UTC. If clocks skip midnight, the day begins at the skip; if they pass it twice,
    /// at the first time: every moment belongs to exactly one day.
    /// </summary>
    public static DateTime StartOf(this Account account, DateOnly day)
    {
        var (zone, midnight) = (Zone(account), day.ToDateTime(TimeOnly.MinValue));
        var offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        return DateTime.SpecifyKind(midnight - offset, DateTimeKind.Utc);
    }

    static TimeZoneInfo Zone(Account account) => TimeZoneInfo.FindSystemTimeZoneById(account.TimeZone);
}

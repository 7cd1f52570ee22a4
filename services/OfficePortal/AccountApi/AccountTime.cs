using EnterprisePortal.OfficePortal.Accounts;

namespace EnterprisePortal.OfficePortal.AccountApi;

public static class AccountTime
{
    /// <summary>The day it is in the account: at 23:59 of a drop date a student is still enrolled there, whatever UTC says.</summary>
    public static DateOnly Today(this Account account, TimeProvider clock) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(account.TimeZone)).DateTime);
}

using System.Linq.Expressions;
using EnterprisePortal.Contracts.Accounts;
using Microsoft.EntityFrameworkCore;
using Enterprise = EnterprisePortal.ServiceDefaults.Directory.Enterprise;
using Person = EnterprisePortal.ServiceDefaults.SignIn.Person;

namespace EnterprisePortal.Identity.Sessions;

public static class LeaveLostAccounts
{
    /// <summary>With the caller's next save. A person who is still welcome in the account may click its key again.</summary>
    public static async Task Run(IdentityDb db, Enterprise enterprise, Expression<Func<AccountSession, bool>> which,
        DateTimeOffset now, CancellationToken cancel)
    {
        var open = await db.AccountSessions.Include(entry => entry.Session.User).Where(which)
            .Where(entry => entry.Session.EndedAt == null && entry.LogoutDueAt == null).ToListAsync(cancel);
        foreach (var entry in open.Where(entry => !enterprise.Welcomes(entry)))
            entry.LogoutDueAt = now;
    }

    static bool Welcomes(this Enterprise enterprise, AccountSession entry)
    {
        var user = entry.Session.User;
        return enterprise.ReachOf(user.GroupId).Accounts.GetValueOrDefault(entry.Account) is { Status: AccountState.Active }
            && (entry.LoginAs is null || entry.LoginAs == enterprise.LoginAs(user.GroupId, user.Level == Person.Admin, user.StaffEmail));
    }
}

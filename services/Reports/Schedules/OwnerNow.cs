using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Reports.Runs;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;

namespace EnterprisePortal.Reports.Schedules;

/// <summary>A schedule's owner with their current rights, and the accounts it would run for; or why it would not run.</summary>
sealed record OwnerNow(Person Owner, IReadOnlyList<AccountState> Accounts, string? Problem)
{
    /// <param name="known">From Identity's last message; null if there was none yet.</param>
    public static OwnerNow Of(Schedule schedule, PortalUser? known, DirectoryReplica directory)
    {
        var owner = new Person(schedule.ById, schedule.ByName, schedule.ByEmail,
            known?.Level ?? schedule.ByLevel, known?.GroupId ?? schedule.GroupId, "", known?.StaffEmail);
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

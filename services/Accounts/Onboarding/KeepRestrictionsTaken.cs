using EnterprisePortal.Contracts.Permissions;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Accounts.Onboarding;

/// <summary>
/// The newest message wins, so repetition and reordering change nothing; a message from before the account was registered belongs to an
/// earlier registration (except for a minute, by which clocks may differ).
/// </summary>
public sealed class KeepRestrictionsTaken(AccountsDb db) : IConsumer<RestrictionsTaken>
{
    public Task Consume(ConsumeContext<RestrictionsTaken> context)
    {
        var (code, at) = (context.Message.Account, context.Message.At.ToUniversalTime());
        return db.Database.ExecuteSqlAsync(
            $"""
            update account set restrictions_taken_at = greatest(restrictions_taken_at, {at})
            where code = {code} and registered_at <= {at} + interval '1 minute'
            """, context.CancellationToken);
    }
}

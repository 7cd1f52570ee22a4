using EnterprisePortal.Contracts.Search;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Accounts;

/// <summary>
/// The newest snapshot wins, so repetition and reordering change nothing. An account whose clock is ahead was not synced in the future.
/// </summary>
public sealed class RecordLastSync(AccountsDb db, TimeProvider clock) : IConsumer<SnapshotApplied>
{
    public Task Consume(ConsumeContext<SnapshotApplied> context)
    {
        var (code, now) = (context.Message.Account, clock.GetUtcNow());
        var at = context.Message.TakenAt.ToUniversalTime() is var taken && taken < now ? taken : now;
        return db.Database.ExecuteSqlAsync(
            $"update account set last_sync = greatest(last_sync, {at}) where code = {code}", context.CancellationToken);
    }
}

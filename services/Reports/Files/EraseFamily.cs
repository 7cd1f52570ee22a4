using EnterprisePortal.Contracts.Sync;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Reports.Files;

/// <summary>
/// A family was erased in its account: its rows in collected files lose their personal columns. The erasure is remembered first, so that a
/// report on its way is collected without the family too (<see cref="Generation.EndAccount"/>). Repeating it changes nothing more.
/// </summary>
sealed class EraseFamily(ReportsDb db, BlankFamilies blank, TimeProvider clock) : IConsumer<FamilyErased>
{
    public async Task Consume(ConsumeContext<FamilyErased> context)
    {
        var (account, family, cancel) = (context.Message.Account, context.Message.FamilyId, context.CancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into erased_family (account, family_id, erased_at) values ({account}, {family}, {clock.GetUtcNow()})
            on conflict (account, family_id) do update set erased_at = excluded.erased_at
            """, cancel);
        foreach (var run in await db.Files.Where(file => file.Account == account).Select(file => file.RunId).ToListAsync(cancel))
            await blank.In(run, account, new HashSet<string> { family }, cancel);
    }
}

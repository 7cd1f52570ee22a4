using EnterprisePortal.Contracts.Identity;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Reports.Generation;

/// <summary>Remembers each user's rights. The version makes repetition and reordering harmless.</summary>
sealed class KeepUsers(ReportsDb db) : IConsumer<UserChanged>
{
    public Task Consume(ConsumeContext<UserChanged> context)
    {
        var user = context.Message;
        return db.Database.ExecuteSqlAsync(
            $"""
            insert into portal_user (id, version, level, group_id, status, staff_email)
            values ({user.Id}, {user.Version}, {user.Level}, {user.GroupId}, {user.Status}, {user.StaffEmail})
            on conflict (id) do update set version = excluded.version, level = excluded.level, group_id = excluded.group_id,
              status = excluded.status, staff_email = excluded.staff_email where portal_user.version < excluded.version
            """, context.CancellationToken);
    }
}

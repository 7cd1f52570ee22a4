using EnterprisePortal.Contracts.Identity;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Accounts.Entry;

/// <summary>
/// Keeps users with a staff e-mail of their own, so that their entries are checked too. The version makes repetition harmless.
/// </summary>
public sealed class KeepStaffEmails(AccountsDb db) : IConsumer<UserChanged>
{
    public Task Consume(ConsumeContext<UserChanged> context)
    {
        var user = context.Message;
        var staffEmail = user.Status == "deleted" ? null : user.StaffEmail?.ToLowerInvariant();
        return db.Database.ExecuteSqlAsync(
            $"""
            insert into own_staff_email (user_id, version, group_id, staff_email)
              values ({user.Id}, {user.Version}, {user.GroupId}, {staffEmail})
            on conflict (user_id) do update set version = excluded.version, group_id = excluded.group_id, staff_email = excluded.staff_email
            where own_staff_email.version < excluded.version
            """, context.CancellationToken);
    }
}

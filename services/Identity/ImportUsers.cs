using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Identity;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Identity;

/// <summary>
/// The first people of an enterprise and the Microsoft tenants it trusts. E-mail addresses that the enterprise already has stay unchanged,
/// which makes repetition harmless; the unique index settles two imports at once, and the loser's message is simply redelivered.
/// </summary>
public sealed class ImportUsers(IdentityDb db) : IConsumer<EnterpriseImported>
{
    public async Task Consume(ConsumeContext<EnterpriseImported> context)
    {
        var (imported, cancel) = (context.Message, context.CancellationToken);
        if (await db.Enterprises.FindAsync([imported.EnterpriseId], cancel) is not { } enterprise)
            db.Add(enterprise = new() { Id = imported.EnterpriseId });
        enterprise.Name = imported.Name;
        enterprise.MicrosoftTenants = [.. imported.MicrosoftTenants.Select(tenant => tenant.ToLowerInvariant())];

        var emails = imported.Users.Select(user => user.Email.ToLowerInvariant()).ToArray();
        var known = await db.Users.Where(user => user.EnterpriseId == imported.EnterpriseId && user.Status != PortalUser.Deleted)
            .Where(user => emails.Contains(user.Email)).Select(user => user.Email).ToListAsync(cancel);
        foreach (var first in imported.Users.ExceptBy(known, user => user.Email.ToLowerInvariant()))
        {
            var user = new PortalUser
            {
                EnterpriseId = imported.EnterpriseId, GroupId = first.GroupId, Email = first.Email.ToLowerInvariant(), Name = first.Name,
                Level = first.Level, Status = first.Status, Provider = first.Provider
            };
            db.Add(user);
            db.Publish(user.Changed());
        }
        await db.SaveChangesAsync(cancel);
    }
}

public static class UserChanges
{
    /// <summary>Publish it with every change of its content, after raising <see cref="PortalUser.Version"/>.</summary>
    public static UserChanged Changed(this PortalUser user) =>
        new(user.Id, user.Version, user.Email, user.Name, user.Level, user.GroupId, user.Status, user.StaffEmail);
}

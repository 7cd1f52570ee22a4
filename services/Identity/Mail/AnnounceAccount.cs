using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Contracts.Mail;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.Messaging;
using EnterprisePortal.ServiceDefaults.SignIn;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Identity.Mail;

/// <summary>
/// Tells the contact of a newly activated account and the Admins who reach it. The inbox makes it one mail each, however often the message
/// arrives.
/// </summary>
public sealed class AnnounceAccount(IdentityDb db, DirectoryReplica directory, IConfiguration configuration) : IConsumer<AccountActivated>
{
    public async Task Consume(ConsumeContext<AccountActivated> context)
    {
        var (opened, cancel) = (context.Message, context.CancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (!await db.FirstTime(context, nameof(AnnounceAccount)))
            return;
        var contact = EmailAddress.Read(opened.Contact.Email);
        if (EmailAddress.IsUsable(contact))
            db.Publish(ToContact(contact, opened));
        var admins = await db.Users.AsNoTracking()
            .Where(user => user.EnterpriseId == opened.EnterpriseId && user.Level == Person.Admin && user.Email != contact
            && (user.Status == PortalUser.Active || user.Status == PortalUser.Invited)).ToListAsync(cancel);
        foreach (var admin in admins.Where(admin => directory.ReachOf(admin.GroupId).Contains(opened.Account)))
            db.Publish(ToAdmin(admin, opened));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    SendMail ToContact(string email, AccountActivated opened) =>
        new(email, $"{opened.AccountName} is connected to the Enterprise Portal of {opened.EnterpriseName}",
        $"""
         Hello {opened.Contact.Name},

         {opened.By} has connected {opened.AccountName} to the Enterprise Portal of {opened.EnterpriseName}:
         {configuration.PortalUrl()}

         People of the enterprise who are invited there can enter the account as the staff users that its owner has allowed,
         and find its families. Each step is in the account's own Audit Log. Settings, Enterprise Portal in the account shows
         the connection and says as whom the portal may enter.
         """, opened.EnterpriseId);

    SendMail ToAdmin(PortalUser admin, AccountActivated opened) => new(admin.Email, $"New in the Enterprise Portal: {opened.AccountName}",
        $"""
         Hello {admin.Name},

         {opened.By} has connected {opened.AccountName} to the Enterprise Portal of {opened.EnterpriseName}.
         It is in your list of accounts now:
         {configuration.PortalUrl()}accounts?q={Uri.EscapeDataString(opened.Account)}

         Its families can be found as soon as its first sync has ended, which takes some minutes at most.
         """, opened.EnterpriseId);
}

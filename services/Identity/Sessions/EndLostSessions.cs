using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using MassTransit;

namespace EnterprisePortal.Identity.Sessions;

/// <summary>
/// The directory has changed. Ends all sessions of people whose group is no longer active, and leaves accounts that a person has lost or
/// would now enter as another staff user. Compares open sessions with the directory, so repetition finds nothing more to do.
/// </summary>
public sealed class EndLostSessions(IdentityDb db, DirectoryReplica directory, ActivityRecorder activities, TimeProvider clock)
    : IConsumer<DirectoryChanged>
{
    public async Task Consume(ConsumeContext<DirectoryChanged> context)
    {
        var (told, now, cancel) = (context.Message, clock.GetUtcNow(), context.CancellationToken);
        // The replica may have a newer directory than a message that waited.
        var enterprise = directory.Of(told.EnterpriseId) is { } known && known.Version > told.Version ? known : new(told);
        var working = enterprise.Groups.Keys.Where(enterprise.IsActive).ToArray();
        const string Reason = "Your group is no longer active.";
        foreach (var session in await db.EndSessions(
            session => session.User.EnterpriseId == enterprise.Id && !working.Contains(session.User.GroupId), Reason, now, cancel))
            db.Publish(activities.Of(session.User.In(session), AuditActions.SessionEnded, session.User.Email,
                details: new { session = session.Id, session.Device, reason = Reason }));
        await LeaveLostAccounts.Run(db, enterprise, entry => entry.Session.User.EnterpriseId == enterprise.Id, now, cancel);
        await db.SaveChangesAsync(cancel);
    }
}

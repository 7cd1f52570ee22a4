using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Identity.PersonalTokens;
using EnterprisePortal.Identity.Sessions;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Identity.Users;

/// <summary>
/// Repeating it changes nothing more. A user who is suspended, moved or demoted loses all sessions everywhere; a user who is promoted or
/// gets another staff e-mail stays signed in (the next refresh has the new data), but leaves the accounts they had entered as somebody
/// else. A suspension revokes personal tokens; any other change shows in their next exchange.
/// </summary>
public static class ChangeUser
{
    sealed record Facts(string Name, string Level, string Status, string Group, string? StaffEmail);

    public static void Map(RouteGroupBuilder users) => users.MapPatch("/{id:guid}", Handle).WithName(nameof(ChangeUser));

    static async Task<Results<Ok<UserItem>, NotFound, ValidationProblem, ProblemHttpResult>> Handle(
        Guid id,
        UserEdit body,
        IdentityDb db,
        UserChange change,
        DirectoryReplica directory,
        Person person,
        TimeProvider clock,
        CancellationToken cancel)
    {
        if (body.Name is not null && string.IsNullOrWhiteSpace(body.Name))
            return Refusal.Invalid("name", "A person needs a name.");
        if (!EmailAddress.IsNoneOrUsable(body.StaffEmail))
            return EmailAddress.Refused("staffEmail");

        await change.Begin(person, cancel);
        if (await change.Find(id, cancel) is not { } user || body.Group is { } to && !change.Groups.Contains(to))
            return TypedResults.NotFound();
        var (level, group) = (body.Level ?? user.Level, body.Group ?? user.GroupId);
        var status = body.Status switch
        {
            PortalUser.Active when user.Status == PortalUser.Suspended => user.LastSignIn is null ? PortalUser.Invited : PortalUser.Active,
            PortalUser.Suspended => PortalUser.Suspended,
            _ => user.Status
        };
        if (await change.Refuses(user, level, group, status, cancel) is { } refusal)
            return refusal;

        var (before, moved) = (Of(user), group != user.GroupId);
        (user.Level, user.GroupId, user.Status) = (level, group, status);
        user.Name = body.Name?.Trim() ?? user.Name;
        user.StaffEmail = EmailAddress.Read(body.StaffEmail, user.StaffEmail);
        if (Of(user) is var after && after == before)
            return TypedResults.Ok(UserItem.Of(user, directory));

        var action = before.Status != after.Status
                ? after.Status == PortalUser.Suspended ? AuditActions.UserSuspended : AuditActions.UserReinstated
            : before.Level != after.Level
                ? after.Level == Person.Admin ? AuditActions.UserPromoted : AuditActions.UserDemoted
            : moved ? AuditActions.UserMoved : AuditActions.UserEdited;
        var now = clock.GetUtcNow();
        if (after.Status == PortalUser.Suspended && before.Status != after.Status)
        {
            const string Reason = "An Admin has suspended your access.";
            await db.EndSessions(session => session.UserId == id, Reason, now, cancel);
            await db.RevokeTokens(token => token.UserId == id, Reason, now, cancel);
        }
        else
            await db.RenewTokens(id, now, cancel);
        if (moved)
            await db.EndSessions(session => session.UserId == id, "An Admin has moved you to another group.", now, cancel);
        else if (before.Level == Person.Admin && after.Level == Person.User)
            await db.EndSessions(session => session.UserId == id, "An Admin has changed your level.", now, cancel);
        else if (directory.Of(user.GroupId) is { } enterprise)
            await LeaveLostAccounts.Run(db, enterprise, entry => entry.Session.UserId == id, now, cancel);
        user.Version++;
        await change.Commit(user, action, new { before, after }, cancel);
        return TypedResults.Ok(UserItem.Of(user, directory));

        Facts Of(PortalUser row) => new(row.Name, row.Level, row.Status, GroupName.Of(row.GroupId, directory).Name, row.StaffEmail);
    }
}

using EnterprisePortal.Contracts;
using EnterprisePortal.Identity.PersonalTokens;
using EnterprisePortal.Identity.Sessions;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Identity.Users;

/// <summary>
/// The row stays, for the log and for references; the address may be invited again, which makes a new person. Repeated, it is a 404, as for
/// a user who never existed.
/// </summary>
public static class DeleteUser
{
    public static void Map(RouteGroupBuilder users) => users.MapDelete("/{id:guid}", Handle).WithName(nameof(DeleteUser));

    static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, IdentityDb db, UserChange change, Person person, TimeProvider clock, CancellationToken cancel)
    {
        await change.Begin(person, cancel);
        if (await change.Find(id, cancel) is not { } user)
            return TypedResults.NotFound();
        if (await change.Refuses(user, user.Level, user.GroupId, PortalUser.Deleted, cancel) is { } refusal)
            return refusal;

        var before = new { user.Name, user.Level, user.Status, user.StaffEmail };
        (user.Status, user.ProviderToken) = (PortalUser.Deleted, null);
        user.Version++;
        await db.EndSessions(session => session.UserId == id, "An Admin has removed your access.", clock.GetUtcNow(), cancel);
        await db.RevokeTokens(token => token.UserId == id, "An Admin has removed your access.", clock.GetUtcNow(), cancel);
        await change.Commit(user, AuditActions.UserDeleted, new { before }, cancel);
        return TypedResults.NoContent();
    }
}

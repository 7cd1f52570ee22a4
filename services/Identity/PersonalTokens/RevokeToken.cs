using EnterprisePortal.Contracts;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Identity.PersonalTokens;

/// <summary>By its owner or an Admin who manages them. A repeated request finds nothing open and gets the same answer.</summary>
public static class RevokeToken
{
    public static void Map(RouteGroupBuilder users, RouteGroupBuilder me)
    {
        users.MapDelete("/{id:guid}/tokens/{token:guid}", OfUser).WithName(nameof(RevokeToken));
        me.MapDelete("/tokens/{token:guid}", Own).WithName("RevokeOwnToken");
    }

    static async Task<Results<NoContent, NotFound>> OfUser(Guid id, Guid token, IdentityDb db, DirectoryReplica directory, Person person,
        ActivityRecorder activities, TimeProvider clock, CancellationToken cancel)
    {
        var groups = directory.ReachOf(person).Groups.Select(group => group.Id).ToArray();
        return await db.Users.AnyAsync(user => user.Id == id && groups.Contains(user.GroupId), cancel)
            ? await Revoke(id, token, "An Admin has revoked this token.", db, person, activities, clock, cancel) : TypedResults.NotFound();
    }

    static Task<Results<NoContent, NotFound>> Own(
        Guid token, IdentityDb db, Person person, ActivityRecorder activities, TimeProvider clock, CancellationToken cancel) =>
        Revoke(person.Id, token, "You revoked this token.", db, person, activities, clock, cancel);

    static async Task<Results<NoContent, NotFound>> Revoke(Guid owner, Guid id, string reason, IdentityDb db, Person person,
        ActivityRecorder activities, TimeProvider clock, CancellationToken cancel)
    {
        if (!await db.PersonalTokens.AnyAsync(token => token.Id == id && token.UserId == owner, cancel))
            return TypedResults.NotFound();
        foreach (var token in await db.RevokeTokens(token => token.Id == id && token.UserId == owner, reason, clock.GetUtcNow(), cancel))
            db.Publish(activities.Of(person, AuditActions.TokenRevoked, token.Name,
                details: new { owner = token.User.Email, token.Scopes }));
        await db.SaveChangesAsync(cancel);
        return TypedResults.NoContent();
    }
}

using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Identity.PersonalTokens;

/// <summary>
/// The caller's own, or those of a user whom an Admin manages; newest first, including ended ones. All of them: there are few.
/// </summary>
public static class ListTokens
{
    public static void Map(RouteGroupBuilder users, RouteGroupBuilder me)
    {
        users.MapGet("/{id:guid}/tokens", OfUser).WithName(nameof(ListTokens));
        me.MapGet("/tokens", async (IdentityDb db, Person person, TimeProvider clock, CancellationToken cancel) =>
            TypedResults.Ok(await Of(person.Id, db, clock, cancel))).WithName("ListOwnTokens");
    }

    static async Task<Results<Ok<Page<TokenItem>>, NotFound>> OfUser(
        Guid id, IdentityDb db, DirectoryReplica directory, Person person, TimeProvider clock, CancellationToken cancel)
    {
        var groups = directory.ReachOf(person).Groups.Select(group => group.Id).ToArray();
        return await db.Users.AnyAsync(user => user.Id == id && groups.Contains(user.GroupId), cancel)
            ? TypedResults.Ok(await Of(id, db, clock, cancel)) : TypedResults.NotFound();
    }

    static async Task<Page<TokenItem>> Of(Guid user, IdentityDb db, TimeProvider clock, CancellationToken cancel) =>
        new([.. (await db.PersonalTokens.AsNoTracking().Where(token => token.UserId == user).OrderByDescending(token => token.CreatedAt)
            .ToListAsync(cancel)).Select(token => TokenItem.Of(token, clock.GetUtcNow()))], null);
}

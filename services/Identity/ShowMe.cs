using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Identity.Users;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Identity;

public static class ShowMe
{
    public static void Map(RouteGroupBuilder me) => me.MapGet("", Handle).WithName(nameof(ShowMe));

    static async Task<Results<Ok<Response>, NotFound>> Handle(
        Person person, IdentityDb db, DirectoryReplica directory, CancellationToken cancel) =>
        await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == person.Id, cancel) is { } me
            ? TypedResults.Ok(new Response(
                me.Id, me.Email, me.Name, me.Level, GroupName.Of(me.GroupId, directory), GroupName.Of(me.EnterpriseId, directory),
                me.Status, me.StaffEmail, me.LastSignIn, me.Provider))
            : TypedResults.NotFound();

    /// <param name="Enterprise">The enterprise that this session is for.</param>
    public record Response(Guid Id, string Email, string Name, string Level, GroupName Group, GroupName Enterprise,
        string Status, string? StaffEmail, DateTimeOffset? LastSignIn, string Provider);
}

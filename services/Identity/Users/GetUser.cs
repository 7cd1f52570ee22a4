using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Identity.Users;

public static class GetUser
{
    public static void Map(RouteGroupBuilder users) => users.MapGet("/{id:guid}", Handle).WithName(nameof(GetUser));

    static async Task<Results<Ok<UserItem>, NotFound>> Handle(
        Guid id, IdentityDb db, DirectoryReplica directory, Person person, CancellationToken cancel)
    {
        var groups = directory.ReachOf(person).Groups.Select(group => group.Id).ToArray();
        return await db.Users.AsNoTracking()
            .SingleOrDefaultAsync(user => user.Id == id && groups.Contains(user.GroupId) && user.Status != PortalUser.Deleted,
                cancel) is { } user
            ? TypedResults.Ok(UserItem.Of(user, directory)) : TypedResults.NotFound();
    }
}

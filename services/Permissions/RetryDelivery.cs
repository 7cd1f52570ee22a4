using EnterprisePortal.Contracts.Permissions;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Permissions;

/// <summary>
/// "Try now" for an account that has not applied its set. Pressing it twice sends the same set twice, which the account ignores.
/// </summary>
public static class RetryDelivery
{
    public static void Map(RouteGroupBuilder permissions) =>
        permissions.MapPost("/accounts/{code}/push", Handle).WithName(nameof(RetryDelivery));

    static async Task<Results<Accepted, NotFound>> Handle(
        string code, PermissionsDb db, DirectoryReplica directory, Person person, CancellationToken cancel)
    {
        if (!directory.ReachOf(person).Contains(code))
            return TypedResults.NotFound();
        db.Publish(new PushRestrictions(code));
        await db.SaveChangesAsync(cancel);
        return TypedResults.Accepted((string?)null);
    }
}

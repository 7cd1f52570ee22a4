using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Identity;

/// <summary>The enterprises of the person, by name; all of them, since there are few. Only the person sees them.</summary>
public static class ListEnterprises
{
    public static void Map(RouteGroupBuilder me) => me.MapGet("/enterprises", Handle).WithName(nameof(ListEnterprises));

    static async Task<Results<Ok<Page<EnterpriseItem>>, NotFound>> Handle(Person person, IdentityDb db, DirectoryReplica directory,
        CancellationToken cancel) =>
        await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == person.Id, cancel) is { Issuer: { } issuer, Subject:
            { } subject }
            ? TypedResults.Ok(new Page<EnterpriseItem>(await db.EnterprisesOf(issuer, subject, person.Id, directory, cancel), null))
            : TypedResults.NotFound();
}

using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Accounts.Brand;

public static class GetBrand
{
    public static void Map(RouteGroupBuilder brand) => brand.MapGet("/", Handle).WithName(nameof(GetBrand));

    static Results<Ok<BrandItem>, NotFound> Handle(DirectoryReplica directory, Person person) =>
        directory.Of(person.GroupId) is { } enterprise
            ? TypedResults.Ok(new BrandItem(enterprise.Name, enterprise.Brand?.Name, enterprise.Brand?.Accent, enterprise.Brand?.Logo))
            : TypedResults.NotFound();
}

using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.OfficePortal.Home;

public static class ShowHome
{
    public static void Map(RouteGroupBuilder staff) => staff.MapGet("/", () => new RazorComponentResult<HomePage>());
}

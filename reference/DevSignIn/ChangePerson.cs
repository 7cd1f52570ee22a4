using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.DevSignIn;

/// <summary>For tests and demonstrations: what a provider's administrator could do to a person. Absent fields stay unchanged.</summary>
public static class ChangePerson
{
    public record Body(bool? Disabled, bool? EmailVerified, string? Tenant, int? Generation);

    public static void Map(WebApplication app) => app.MapPut("/_people/{email}", Handle).WithName(nameof(ChangePerson));

    static NoContent Handle(string email, Body body, People people)
    {
        var person = people.Find(email);
        people.Change(person with
        {
            Disabled = body.Disabled ?? person.Disabled,
            EmailVerified = body.EmailVerified ?? person.EmailVerified,
            Tenant = body.Tenant ?? person.Tenant,
            Generation = body.Generation ?? person.Generation
        });
        return TypedResults.NoContent();
    }
}

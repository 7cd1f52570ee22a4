using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace EnterprisePortal.DevSignIn;

public record AuthorizeQuery(
    [FromQuery(Name = "client_id")] string ClientId, [FromQuery(Name = "redirect_uri")] string RedirectUri,
    [FromQuery(Name = "response_type")] string ResponseType,
    [FromQuery(Name = "code_challenge")] string CodeChallenge, [FromQuery(Name = "code_challenge_method")] string CodeChallengeMethod,
    [FromQuery(Name = "state")] string? State, [FromQuery(Name = "nonce")] string? Nonce,
    [FromQuery(Name = "login_hint")] string? LoginHint, [FromQuery(Name = "prompt")] string? Prompt);

/// <summary>With <c>login_hint</c> redirects straight back, otherwise shows a page to pick a person.</summary>
public static class Authorize
{
    public static void Map(WebApplication app, Provider provider) => app.MapGet(provider.Path + "/authorize",
        ([AsParameters] AuthorizeQuery query, HttpRequest request, People people, Tickets tickets, IConfiguration configuration) =>
            Handle(provider, query, request, people, tickets, configuration));

    static IResult Handle(Provider provider, AuthorizeQuery query, HttpRequest request, People people, Tickets tickets,
        IConfiguration configuration)
    {
        if (query.ClientId != Tickets.ClientId || query.RedirectUri != $"{configuration.PortalUrl()}connect/callback/{provider.Name}")
            return TypedResults.Problem("This client or return address is not registered.", statusCode: StatusCodes.Status400BadRequest);
        if (query.ResponseType != "code" || query.CodeChallengeMethod != "S256")
            return Return("error", "invalid_request");
        if (query.LoginHint is not { Length: > 0 } email || !email.Contains('@'))
            return query.Prompt == "none" ? Return("error", "login_required")
                : TypedResults.Content(PickPerson.Page(provider, people, request), "text/html");
        var person = people.Find(email);
        return person.Disabled ? Return("error", "access_denied") : Return("code", tickets.CodeFor(provider, person, query));

        IResult Return(string name, string value) => TypedResults.Redirect(
            QueryHelpers.AddQueryString(query.RedirectUri, new Dictionary<string, string?> { [name] = value, ["state"] = query.State }));
    }
}

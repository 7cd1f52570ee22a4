using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace EnterprisePortal.DevSignIn;

public static class IssueToken
{
    public static void Map(WebApplication app, Provider provider) => app.MapPost(provider.Path + "/token",
        async Task<IResult> (HttpRequest request, People people, Tickets tickets) =>
            Handle(provider, await request.ReadFormAsync(), Provider.Here(request), people, tickets));

    static IResult Handle(Provider provider, IFormCollection form, string here, People people, Tickets tickets)
    {
        if (form["client_id"] != Tickets.ClientId || !Same(form["client_secret"].ToString(), tickets.ClientSecret))
            return Error("invalid_client", StatusCodes.Status401Unauthorized);
        string? email, nonce = null;
        switch (form["grant_type"].ToString())
        {
            case "authorization_code":
                var grant = tickets.Redeem(form["code"].ToString());
                var challenge = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
                if (grant is null || grant.Provider != provider.Name || grant.RedirectUri != form["redirect_uri"]
                    || !Same(challenge, grant.CodeChallenge))
                    return Error("invalid_grant");
                (email, nonce) = (grant.Email, grant.Nonce);
                break;
            case "refresh_token":
                email = tickets.EmailOf(form["refresh_token"].ToString());
                break;
            default:
                return Error("unsupported_grant_type");
        }
        if (email is null || people.Find(email) is not { Disabled: false } person)
            return Error("invalid_grant");
        return TypedResults.Json(new
        {
            access_token = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32)), token_type = "Bearer", expires_in = 3599,
            scope = "openid profile email",
            refresh_token = tickets.RefreshTokenFor(email), id_token = tickets.IdToken(provider.Claims(person, here), nonce)
        });
    }

    static bool Same(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));

    static JsonHttpResult<Problem> Error(string error, int status = StatusCodes.Status400BadRequest) =>
        TypedResults.Json(new Problem(error), statusCode: status);

    sealed record Problem(string Error);
}

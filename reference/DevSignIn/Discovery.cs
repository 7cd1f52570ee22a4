using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.IdentityModel.Tokens;

namespace EnterprisePortal.DevSignIn;

public static class Discovery
{
    public static void Map(WebApplication app, Provider provider)
    {
        app.MapGet(provider.Path + "/.well-known/openid-configuration", (HttpRequest request) =>
            Metadata(provider, Provider.Here(request)));
        app.MapGet(provider.Path + "/keys", (Tickets tickets) => Keys(tickets));
    }

    static JsonHttpResult<Dictionary<string, object>> Metadata(Provider provider, string here) =>
        TypedResults.Json(new Dictionary<string, object>
        {
            ["issuer"] = provider.Issuer(here),
            ["authorization_endpoint"] = here + provider.Path + "/authorize",
            ["token_endpoint"] = here + provider.Path + "/token",
            ["jwks_uri"] = here + provider.Path + "/keys",
            ["response_types_supported"] = List("code"),
            ["subject_types_supported"] = List(provider.Name == "google" ? "public" : "pairwise"),
            ["id_token_signing_alg_values_supported"] = List("RS256"),
            ["scopes_supported"] = List("openid", "profile", "email", "offline_access"),
            ["token_endpoint_auth_methods_supported"] = List("client_secret_post"),
            ["code_challenge_methods_supported"] = List("S256")
        });

    static JsonHttpResult<Dictionary<string, object>> Keys(Tickets tickets)
    {
        var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(tickets.PublicKey);
        return TypedResults.Json(new Dictionary<string, object>
        {
            ["keys"] = new[] { new { key.Kty, use = "sig", alg = "RS256", key.Kid, key.N, key.E } }
        });
    }

    static string[] List(params string[] values) => values;
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EnterprisePortal.Tests.OfficePortal;

public sealed record WebPerson(string Name, string Email, string Level, string? LoginAs)
{
    public Guid Id { get; } = Guid.CreateVersion7();
    public string Session { get; } = $"{Guid.CreateVersion7()}";

    public static WebPerson Rosa() => new("Rosa Admin", "root-admin@bluedolphin.example", "admin", "portal-admin@bluedolphin.example");
    public static WebPerson Ruben() => new("Ruben User", "root-user@bluedolphin.example", "user", "portal-user@bluedolphin.example");
}

/// <summary>The portal as an account sees it: discovery, keys, and a token endpoint that checks the account's own key and PKCE.</summary>
public sealed class WebPortal
{
    public static readonly Guid Enterprise = Guid.CreateVersion7();
    readonly ConcurrentDictionary<string, (WebPerson Person, string Client, string Nonce, string Challenge, Guid Enterprise)> codes = new();
    readonly ConcurrentDictionary<string, JsonWebKeySet> keys = new();

    public void Knows(PairResponse account) => keys[$"account-{account.Code}"] = new(account.Keys);

    /// <returns>A code the account can redeem.</returns>
    public string Confirms(WebPerson person, string client, string nonce, string challenge)
    {
        var code = $"{Guid.CreateVersion7():n}";
        codes[code] = (person, client, nonce, challenge, EnterpriseOf(person));
        return code;
    }

    /// <summary>Whose id token says what enterprise.</summary>
    public Func<WebPerson, Guid> EnterpriseOf { get; set; } = _ => Enterprise;

    /// <param name="odd">A claim in place of the one of that name, or beside the others.</param>
    public static string LogoutToken(WebPerson person, string account, SecurityKey? key = null, Claim? odd = null)
    {
        Claim[] claims =
        [
            new("sub", $"{person.Id}"), new("sid", person.Session), new("jti", $"{Guid.CreateVersion7()}"),
            new("events", """{"http://schemas.openid.net/event/backchannel-logout":{}}""", JsonClaimValueTypes.Json)
        ];
        return TestIdentity.Token([.. claims.Where(claim => claim.Type != odd?.Type), .. odd is null ? Array.Empty<Claim>() : [odd]],
            "logout+jwt",
            audiences: [$"account-{account}"], key: key);
    }

    /// <summary>The trace of its entries, as Identity names it in the id token.</summary>
    public string? Trace { get; set; }

    /// <summary>What the enterprise calls itself, as Identity says it in the id token.</summary>
    public string? ShownName { get; set; }

    public async Task<HttpResponseMessage> Answer(HttpRequestMessage request, CancellationToken cancel) =>
        request.RequestUri!.AbsolutePath switch
        {
            "/.well-known/openid-configuration" => new()
            {
                Content = JsonContent.Create(new
                {
                    issuer = TestIdentity.Issuer, jwks_uri = "http://localhost:8080/.well-known/jwks",
                    authorization_endpoint = "http://localhost:8080/connect/authorize",
                    token_endpoint = "http://localhost:8080/connect/token"
                })
            },
            "/connect/token" =>
                await Redeem(QueryHelpers.ParseQuery(await request.Content!.ReadAsStringAsync(cancel))
                    .ToDictionary(field => field.Key, field => $"{field.Value}")),
            _ => TestIdentity.Answer(request)
        };

    async Task<HttpResponseMessage> Redeem(Dictionary<string, string> form)
    {
        if (!codes.TryRemove(form["code"], out var asked) || asked.Client != form["client_id"]
            || asked.Challenge != Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"]))))
            return new(HttpStatusCode.BadRequest);
        var assertion = await new JsonWebTokenHandler().ValidateTokenAsync(form["client_assertion"], new()
        {
            IssuerSigningKeys = keys[asked.Client].GetSigningKeys(), ValidIssuer = asked.Client, ValidAudience = TestIdentity.Issuer,
            ValidTypes = ["client-authentication+jwt"]
        });
        if (!assertion.IsValid)
            return new(HttpStatusCode.Unauthorized);
        var person = asked.Person;
        return new()
        {
            Content = JsonContent.Create(new
            {
                id_token = TestIdentity.Token(
                [
                    new("sub", $"{person.Id}"), new("name", person.Name), new("email", person.Email), new("level", person.Level),
                    new("group", $"{Enterprise}"), new("sid", person.Session),
                    new("nonce", asked.Nonce), new("enterprise", $"{asked.Enterprise}"), .. person.LoginAs is { } staff ? new Claim[]
                        { new("login_as", staff) } : [],
                    .. Trace is { } trace ? new Claim[] { new("traceparent", trace) } : [],
                    .. ShownName is { } shown ? new Claim[] { new("enterprise_name", shown) } : []
                ], "JWT", audiences: [asked.Client])
            })
        };
    }
}

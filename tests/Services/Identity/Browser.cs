using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EnterprisePortal.Identity;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EnterprisePortal.Tests.Identity;

/// <summary>A person's browser with its cookies, going where it is sent, and the clients that receive its codes.</summary>
public sealed class Browser(Service<IdentityDb>.Replica identity, HttpClient providers, SecurityKey accountKey)
{
    const string Verifier = "a-verifier-of-at-least-forty-three-characters-in-all", ChoicePage = "/connect/enterprise";
    readonly HttpClient portal = identity.CreateClient(new() { AllowAutoRedirect = false, BaseAddress = new(IdentityService.Portal) });

    /// <summary>As the gateway does it.</summary>
    /// <returns>The tokens, or the reason of the refused page, or <see cref="HasToChoose"/>.</returns>
    public Task<(Tokens? Tokens, string? Refusal)> SignIn(string email, string provider = "google", string? enterprise = null) =>
        Arrive(ForGateway + $"&provider={provider}&login_hint={email}"
            + (enterprise is null ? "" : $"&enterprise={Uri.EscapeDataString(enterprise)}"));

    public const string HasToChoose = "has to choose";

    /// <summary>What the page on which to choose knows.</summary>
    public Task<HttpResponseMessage> Choices() => portal.GetAsync("/connect/enterprises");

    /// <summary>On that page.</summary>
    public async Task<(Tokens? Tokens, string? Refusal)> Choose(Guid enterprise)
    {
        var choices = await (await Choices()).Content.ReadFromJsonAsync<JsonElement>();
        return await Arrive(new Uri(new(IdentityService.Portal), $"{choices.GetProperty("continue").GetString()}&enterprise={enterprise}")
            .ToString());
    }

    /// <summary>From the session of the one enterprise to one of another.</summary>
    public Task<(Tokens? Tokens, string? Refusal)> Switch(Guid enterprise) => Arrive($"{ForGateway}&enterprise={enterprise}");

    static string ForGateway => Authorize("gateway", IdentityService.Portal + "signin-oidc", "openid offline_access");

    async Task<(Tokens? Tokens, string? Refusal)> Arrive(string address) => await Go(address) switch
    {
        { AbsolutePath: "/sign-in/refused" } refused => (null, In(refused, "reason")),
        { AbsolutePath: ChoicePage } => (null, HasToChoose),
        { AbsolutePath: "/signin-oidc" } arrived => ((await Redeem(Code = In(arrived, "code")!)).Tokens, null),
        var elsewhere => (null, elsewhere.AbsolutePath)
    };

    public async Task<(Tokens? Tokens, string? Refusal)> Enter(string account, SecurityKey? key = null, string scope = "openid account")
    {
        var (client, back) = ($"account-{account}", $"http://office.example/{account}/enterprise/callback");
        var end = await Go(Authorize(client, back, scope));
        if (In(end, "code") is not { } code)
            return (null, In(end, "error_description") ?? end.AbsolutePath);
        return await Token(("grant_type", "authorization_code"), ("code", code), ("redirect_uri", back), ("code_verifier", Verifier),
            ("client_id", client),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", Assertion(client, key ?? accountKey)));
    }

    public Task<(Tokens? Tokens, string? Refusal)> Refresh(Tokens tokens) =>
        Token(("grant_type", "refresh_token"), ("refresh_token", tokens.RefreshToken!), ("client_id", "gateway"),
            ("client_secret", "the-gateway"));

    public async Task<Uri> SignOut(Tokens tokens)
    {
        var back = Uri.EscapeDataString(IdentityService.Portal + "signed-out");
        var answer = await portal.GetAsync(
            $"/connect/endsession?id_token_hint={tokens.IdToken}&post_logout_redirect_uri={back}");
        return answer.Headers.Location!;
    }

    public async Task<(Tokens? Tokens, string? Refusal)> Token(params (string, string)[] form)
    {
        var answer = await portal.PostAsync(
            "/connect/token", new FormUrlEncodedContent(form.ToDictionary(field => field.Item1, field => field.Item2)));
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return answer.IsSuccessStatusCode ? (body.Deserialize<Tokens>(), null) : (null, body.GetProperty("error").GetString());
    }

    /// <summary>What the gateway's last sign-in came back with.</summary>
    public string? Code { get; private set; }

    public Task<(Tokens? Tokens, string? Refusal)> Redeem(string code) => Token(("grant_type", "authorization_code"), ("code", code),
        ("redirect_uri", IdentityService.Portal + "signin-oidc"), ("code_verifier", Verifier), ("client_id", "gateway"),
        ("client_secret", "the-gateway"));

    static string Authorize(string client, string back, string scope) =>
        QueryHelpers.AddQueryString(IdentityService.Portal + "connect/authorize", new Dictionary<string, string?>
        {
            ["client_id"] = client, ["redirect_uri"] = back, ["response_type"] = "code", ["scope"] = scope, ["state"] = "a-state",
            ["nonce"] = "a-nonce",
            ["code_challenge"] = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))),
            ["code_challenge_method"] = "S256"
        });

    /// <returns>The first address that is neither Identity's nor a provider's.</returns>
    async Task<Uri> Go(string address)
    {
        var to = new Uri(address);
        while (to.Host == "providers" || to.AbsolutePath.StartsWith("/connect/", StringComparison.Ordinal) && to.AbsolutePath != ChoicePage)
            to = new(to, (await (to.Host == "providers" ? providers : portal).GetAsync(to)).Headers.Location
                ?? throw new InvalidOperationException($"{to} leads nowhere."));
        return to;
    }

    static string? In(Uri address, string name) =>
        QueryHelpers.ParseQuery(address.Query).TryGetValue(name, out var value) ? value.ToString() : null;

    static string Assertion(string client, SecurityKey key)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = client, Audience = IdentityService.Portal, TokenType = "client-authentication+jwt", IssuedAt = now, NotBefore = now,
            Expires = now.AddMinutes(1),
            Claims = new Dictionary<string, object> { ["sub"] = client, ["jti"] = Guid.CreateVersion7().ToString() },
            SigningCredentials = new(key, SecurityAlgorithms.EcdsaSha256)
        });
    }
}

public sealed record Tokens(
    [property: System.Text.Json.Serialization.JsonPropertyName("access_token")] string AccessToken,
    [property: System.Text.Json.Serialization.JsonPropertyName("id_token")] string? IdToken,
    [property: System.Text.Json.Serialization.JsonPropertyName("refresh_token")] string? RefreshToken)
{
    public JsonWebToken Access => new(AccessToken);
    public JsonWebToken Id => new(IdToken);
}

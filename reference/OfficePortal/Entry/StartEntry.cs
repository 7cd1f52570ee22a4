using System.Security.Cryptography;
using System.Text;
using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.Layout;
using EnterprisePortal.OfficePortal.Reports;
using EnterprisePortal.ServiceDefaults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Entry;

/// <summary>
/// <c>GET enterprise/sign-in?iss&amp;target_link_uri</c>: the portal asks the account to begin a sign-in there (OpenID Connect Core §4,
/// third-party-initiated login). Anybody can call it; all it does is ask the pinned issuer who the person is. Each call stores a row for
/// ten minutes, so calls are limited per client address.
/// </summary>
public static class StartEntry
{
    public const string Callback = "enterprise/callback", RateLimit = "entry";
    static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    public static void Map(RouteGroupBuilder account) =>
        account.MapGet("/enterprise/sign-in", Handle).WithName(nameof(StartEntry)).RequireRateLimiting(RateLimit);

    static async Task<IResult> Handle(
        [FromQuery(Name = "iss")] string? issuer,
        [FromQuery(Name = "target_link_uri")] string? target,
        Account account,
        HttpContext http,
        Office office,
        PortalIssuers issuers,
        NpgsqlDataSource db,
        TimeProvider clock,
        CancellationToken cancel)
    {
        if (account.Issuer is null)
            return EntryRefused(
                "This account is not connected to an Enterprise Portal. Its owner can connect it under Settings, Enterprise Portal.");
        if (issuer != account.Issuer)
            return EntryRefused("You were sent here by a portal that this account does not know.");
        if (office.Inside(account, target ?? office.BaseUrl(account)) is not { } page)
            return EntryRefused("The address you were to be taken to does not belong to this account.");

        string authorize, scope;
        try
        {
            var portal = await issuers.Ask(account.Issuer, cancel);
            authorize = portal.AuthorizationEndpoint;
            scope = portal.ScopesSupported.Contains(GenerateEverywhere.Scope)
                ? $"openid account {GenerateEverywhere.Scope}"
                : "openid account";
        }
        catch (PortalUnavailable e)
        {
            return EntryRefused(e.Message, StatusCodes.Status502BadGateway);
        }
        var (state, nonce, verifier) = (NewSecret(), NewSecret(), NewSecret());
        await using var connection = await db.OpenConnectionAsync(cancel);
        var now = clock.GetUtcNow();
        await connection.ExecuteAsync("""
            delete from entry_attempt where expires_at < @now;
            insert into entry_attempt (account, state_hash, browser_hash, nonce, verifier, target, expires_at)
              values (@Code, @state, @browser, @nonce, @verifier, @page, @until)
            """, new
        {
            account.Code,
            state = Hash(state),
            browser = Hash(Browser(http, account)),
            nonce,
            verifier,
            page,
            now,
            until = now + Life
        });

        return TypedResults.Redirect(authorize + QueryString.Create(new Dictionary<string, string?>
        {
            ["response_type"] = "code", ["client_id"] = account.ClientId, ["redirect_uri"] = $"{office.BaseUrl(account)}/{Callback}",
            ["scope"] = scope, ["state"] = state, ["nonce"] = nonce,
            ["code_challenge"] = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))),
            ["code_challenge_method"] = "S256"
        }));
    }

    /// <summary>
    /// Ties an attempt to the browser that began it. One cookie per browser, so that entries in two tabs at once both succeed.
    /// </summary>
    static string Browser(HttpContext http, Account account)
    {
        if (http.Request.Cookies.TryGetValue(BrowserCookie(http, account), out var known) && known.Length == 43)
            return known;
        var secret = NewSecret();
        http.Response.Cookies.Append(BrowserCookie(http, account), secret,
            new()
            {
                HttpOnly = true, Secure = http.IsCookieSecure(), SameSite = SameSiteMode.Lax, Path = BrowserPath(account),
                IsEssential = true
            });
        return secret;
    }

    internal static string BrowserCookie(HttpContext http, Account account) => http.CookieName("office.entry", BrowserPath(account));

    static string BrowserPath(Account account) => $"/{account.Code}/enterprise";

    internal static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    static string NewSecret() => Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));

    internal static IResult EntryRefused(string words, int status = StatusCodes.Status400BadRequest) =>
        ProblemPage.Of(status, "You cannot enter", words);
}

using Dapper;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.SignIn;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Observability;
using Microsoft.AspNetCore.Mvc;
using Microsoft.IdentityModel.JsonWebTokens;
using Npgsql;
using static EnterprisePortal.OfficePortal.Entry.StartEntry;

namespace EnterprisePortal.OfficePortal.Entry;

/// <summary>
/// <c>GET enterprise/callback</c>: the portal's answer. It ends in a complete session, or in none and a page with the reason.
/// </summary>
public static class FinishEntry
{
    public static void Map(RouteGroupBuilder account) => account.MapGet("/" + Callback, Handle).WithName(nameof(FinishEntry));

    static async Task<IResult> Handle(
        string? code,
        string? state,
        string? iss,
        string? error,
        [FromQuery(Name = "error_description")] string? description,
        Account account,
        HttpContext http,
        CodeExchange exchange,
        Sessions sessions,
        NpgsqlDataSource db,
        TimeProvider clock,
        CancellationToken cancel)
    {
        if (await Attempt(http, account, state, db, clock) is not { } attempt)
            return EntryRefused(
                "This sign-in was not begun in this browser, was used before, or took too long. "
                + "Go back to the portal and click the key again.");
        // RFC 9207: an answer of another issuer is refused, and so is an answer without an issuer.
        if (account.Issuer is null || iss != account.Issuer)
            return EntryRefused("The answer did not come from the portal this account is paired with.");
        if (error is not null)
            return EntryRefused(string.IsNullOrWhiteSpace(description) ? "The Enterprise Portal did not let you in." : description,
                StatusCodes.Status403Forbidden);

        var (token, accessToken, problem) = await exchange.Redeem(account, code ?? "", attempt.Verifier, attempt.Nonce, cancel);
        if (token is null)
            return EntryRefused(problem!, StatusCodes.Status502BadGateway);
        // The portal's trace of this entry comes from its signed token: an address in a browser could contain anything.
        using var work = TracedWork.Begin("start session", account.Code, Claim(token, "traceparent"));
        if (Claim(token, "enterprise") != account.EnterpriseId.ToString())
            return EntryRefused("You belong to another enterprise than this account.", StatusCodes.Status403Forbidden);
        if (Person(token) is not { } person)
            return EntryRefused("The portal did not say who you are. Tell its operators.", StatusCodes.Status502BadGateway);

        var loginAs = Claim(token, "login_as")?.ToLowerInvariant();
        var staff = loginAs is null ? null : await Staff(db, account, loginAs, clock, cancel);
        if ((loginAs is null ? EntryProblem.NoLoginAs : EntryProblem.Of(staff, person.Level == "admin")) is { } refused)
            return EntryRefused(EntryProblem.InWords(refused, loginAs), StatusCodes.Status403Forbidden);

        await sessions.Start(http, account, staff!.Email, staff.Name, person, accessToken);
        return TypedResults.Redirect(attempt.Target);
    }

    /// <summary>Deleted when it is read: a replayed answer finds nothing.</summary>
    static async Task<AttemptRow?> Attempt(HttpContext http, Account account, string? state, NpgsqlDataSource db, TimeProvider clock)
    {
        if (state is null || !http.Request.Cookies.TryGetValue(BrowserCookie(http, account), out var browser))
            return null;
        await using var connection = await db.OpenConnectionAsync(http.RequestAborted);
        return await connection.QuerySingleOrDefaultAsync<AttemptRow>("""
            delete from entry_attempt where account = @Code and state_hash = @state and browser_hash = @browser and expires_at > @now
            returning nonce, verifier, target
            """, new { account.Code, state = Hash(state), browser = Hash(browser), now = clock.GetUtcNow() });
    }

    internal static async Task<StaffUser?> Staff(
        NpgsqlDataSource db, Account account, string email, TimeProvider clock, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        return await connection.QuerySingleOrDefaultAsync<StaffUser>("""
            select email, name, active, coalesce(locked_until > @now, false) as locked_out, full_permissions, portal_entry from staff
              where account = @Code and email = @email
            """, new { account.Code, email, now = clock.GetUtcNow() });
    }

    static PortalPerson? Person(JsonWebToken token) =>
        Guid.TryParse(Claim(token, "sub"), out var id) && Guid.TryParse(Claim(token, "group"), out var group)
        && Claim(token, "name") is { } name && Claim(token, "email") is { } email && Claim(token, "sid") is { } sid
        && Claim(token, "level") is "admin" or "user" ? new(id, name, email, Claim(token, "level")!, group, sid,
            Claim(token, "enterprise_name")) : null;

    static string? Claim(JsonWebToken token, string name) => token.TryGetPayloadValue<string>(name, out var value) ? value : null;

    sealed record AttemptRow(string Nonce, string Verifier, string Target);
}
